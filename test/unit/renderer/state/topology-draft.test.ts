import { expect, test } from 'vitest'
import { TopologyDraft } from '#renderer/state/topology-draft.svelte.ts'

const layers = [
  { units: 64, activation: 'relu' },
  { units: 32, activation: 'relu' }
] as const

test('the text and the layers say the same, whichever is edited', () => {
  const draft = new TopologyDraft(layers)
  expect(draft.text).toBe('64x32')
  draft.write('8 x 4:tanh')
  expect(draft.hidden).toEqual([
    { units: 8, activation: 'relu' },
    { units: 4, activation: 'tanh' }
  ])
  draft.tidy()
  expect(draft.text).toBe('8:relu x 4:tanh')
  draft.setActivation(0, 'tanh')
  expect(draft.text).toBe('8x4')
  // Both are tanh now, so that is what a plain text means from here on.
  draft.write('16x8')
  expect(draft.hidden.map((layer) => layer.activation)).toEqual(['tanh', 'tanh'])
  draft.write('none')
  expect(draft.hidden).toEqual([])
})

test('a text that is no topology keeps the last layers and says what is wrong', () => {
  const draft = new TopologyDraft(layers)
  draft.write('64xbanana')
  expect(draft.textProblem).toContain('"banana"')
  expect(draft.hidden).toEqual(layers)
  draft.setUnits(0, 10)
  expect(draft.textProblem).toBeNull()
  expect(draft.text).toBe('10x32')
})

test('layers are inserted, moved and removed, and stay themselves', () => {
  const draft = new TopologyDraft(layers)
  const key = draft.insert(1)
  expect(draft.text).toBe('64x64x32')
  draft.move(1, 2)
  expect(draft.layers[2]?.key).toBe(key)
  expect(draft.text).toBe('64x32x64')
  draft.move(2, 3)
  expect(draft.text).toBe('64x32x64')
  draft.remove(0)
  expect(draft.text).toBe('32x64')
})

test('units stay whole and within the limits', () => {
  const draft = new TopologyDraft(layers)
  draft.setUnits(0, 0)
  draft.setUnits(1, 1e9)
  expect(draft.text).toBe('1x8192')
  draft.setUnits(0, NaN)
  expect(draft.text).toBe('1x8192')
})
