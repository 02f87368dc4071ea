import { expect, test } from 'vitest'
import { browserCommand } from '#lab/cli/open-browser.ts'

const address = 'http://127.0.0.1:4173/?key=abc'

test('a browser is opened only where there is a display', () => {
  expect(browserCommand('linux', {}, address)).toBeNull()
  expect(browserCommand('linux', { DISPLAY: ':0' }, address)).toEqual(['xdg-open', address])
  expect(browserCommand('linux', { WAYLAND_DISPLAY: 'wayland-0' }, address)).toEqual(['xdg-open', address])
  expect(browserCommand('darwin', {}, address)).toEqual(['open', address])
  expect(browserCommand('win32', {}, address)?.at(-1)).toBe(address)
})
