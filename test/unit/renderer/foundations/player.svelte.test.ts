import { expect, test } from 'vitest'
import { type Frames, Player } from '#renderer/parts/foundations/player.svelte.ts'

/** A page whose frames come when the test says so. */
function page() {
  let task: ((at: number) => void) | null = null
  let clock = 0
  const frames: Frames = {
    request: (next) => {
      task = next
      return 1
    },
    cancel: () => (task = null),
    now: () => clock
  }
  return {
    frames,
    isWaiting: () => task !== null,
    spend: (ms: number) => (clock += ms),
    frame: () => {
      clock += 16
      const due = task
      task = null
      due?.(clock)
    }
  }
}

test('plays twelve steps a second, the first at once, and stops at the end', () => {
  const { frames, frame, isWaiting } = page()
  let steps = 0
  const player = new Player(() => ++steps < 20, frames)
  player.play()
  frame()
  expect(steps).toBe(1)
  for (let count = 0; count < 62; count++) frame()
  expect(steps).toBeGreaterThanOrEqual(12)
  expect(steps).toBeLessThanOrEqual(13)
  for (let count = 0; count < 100; count++) frame()
  expect(steps).toBe(20)
  expect(player.playing).toBe(false)
  expect(isWaiting()).toBe(false)
})

test('a step that takes long takes no more than its share of a frame, and nothing is caught up with', () => {
  const { frames, frame, spend } = page()
  let steps = 0
  const player = new Player(() => {
    spend(4)
    return ++steps < 1000
  }, frames)
  player.speed = 'fast'
  player.play()
  for (let count = 0; count < 5; count++) {
    const before = steps
    frame()
    expect(steps - before).toBeLessThanOrEqual(2)
  }
})

test('makes up for the steps of an address in frames, and no more of them', () => {
  const { frames, frame, isWaiting, spend } = page()
  let steps = 0
  const player = new Player(() => {
    spend(5)
    return ++steps < 100
  }, frames)
  player.catchUp(() => steps < 10)
  expect(steps).toBe(0)
  frame()
  expect(steps).toBeGreaterThan(0)
  expect(steps).toBeLessThan(10)
  for (let count = 0; count < 20; count++) frame()
  expect(steps).toBe(10)
  expect(isWaiting()).toBe(false)
  expect(player.playing).toBe(false)
})
