import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

/** Numbers of the sections of a WebAssembly file (core specification, 5.5.2). */
function sections(bytes: Uint8Array): number[] {
  const found: number[] = []
  let at = 8
  while (at < bytes.length) {
    found.push(bytes[at++] ?? 0)
    let size = 0
    for (let shift = 0, more = true; more; shift += 7) {
      const byte = bytes[at++] ?? 0
      size |= (byte & 0x7f) << shift
      more = byte >= 0x80
    }
    at += size
  }
  return found
}

it('has no static data and no globals, which instances on one memory would overwrite for each other', () => {
  const bytes = readFileSync(resolve(import.meta.dirname, '../../../../out/wasm/kernels.wasm'))
  const [globals, data] = [6, 11]
  expect(sections(bytes)).not.toContain(globals)
  expect(sections(bytes)).not.toContain(data)
  expect(sections(bytes)).toContain(10)
})
