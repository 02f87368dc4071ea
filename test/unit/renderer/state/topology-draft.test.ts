import { expect, test } from 'vitest'
import { TopologyDraft } from '#renderer/state/topology-draft.svelte.ts'

const layers = [
  { units: 64, activation: 'relu' },
  { units: 32, activation: 'relu' }
] as const

const shape = { inputs: 30, outputs: 2 }
const draftOf = (text?: string) => {
  const draft = new TopologyDraft(layers, shape)
  if (text !== undefined) draft.write(text)
  draft.settle()
  return draft
}

test('the text and the layers say the same, whichever is edited', () => {
  const draft = draftOf()
  expect(draft.text).toBe('64x32')
  draft.write('8 x 4:tanh')
  expect(draft.hidden).toEqual([
    { units: 8, activation: 'relu' },
    { units: 4, activation: 'tanh' }
  ])
  draft.tidy()
  expect(draft.text).toBe('8:relu x 4:tanh')
  draft.edit(0, { activation: 'tanh' })
  expect(draft.text).toBe('8x4')
  // Both are tanh now, so that is what a plain text means from here on.
  draft.write('16x8')
  expect(draft.hidden.map((layer) => layer.activation)).toEqual(['tanh', 'tanh'])
  draft.edit(1, { dropout: 0.2, normalisation: 'batch' })
  expect(draft.text).toBe('16 x 8:batchnorm:dropout=0.2')
  draft.write('none')
  expect(draft.hidden).toEqual([])
})

test('sizes that follow the data stay as written until they are set to a number', () => {
  const draft = draftOf('2a x a')
  expect(draft.hidden.map(({ units }) => units)).toEqual([32, 16])
  draft.move(0, 1)
  draft.edit(0, { activation: 'tanh' })
  expect(draft.text).toBe('a:tanh x 2a:relu')
  draft.setUnits(1, 33)
  expect(draft.text).toBe('a:tanh x 33:relu')
  draft.insert(1)
  expect(draft.text).toBe('a:tanh x a:tanh x 33:relu')
})

test('a text that is no topology keeps the last layers and says what is wrong', () => {
  const draft = draftOf('64xbanana')
  expect(draft.textProblem).toContain('"banana"')
  expect(draft.hidden).toEqual(layers)
  draft.setUnits(0, 10)
  expect(draft.textProblem).toBeNull()
  expect(draft.text).toBe('10x32')
})

test('layers are inserted, duplicated, moved and removed, and stay themselves', () => {
  const draft = draftOf()
  const key = draft.insert(1)
  expect(draft.text).toBe('64x64x32')
  draft.move(1, 2)
  expect(draft.layers[2]?.key).toBe(key)
  expect(draft.text).toBe('64x32x64')
  draft.move(2, 3)
  expect(draft.text).toBe('64x32x64')
  draft.remove(0)
  expect(draft.text).toBe('32x64')
  draft.edit(0, { dropout: 0.5 })
  draft.duplicate(0)
  expect(draft.text).toBe('32:dropout=0.5 x 32:dropout=0.5 x 64')
  expect(new Set(draft.layers.map((layer) => layer.key)).size).toBe(3)
})

test('units stay whole and within the limits', () => {
  const draft = draftOf()
  draft.setUnits(0, 0)
  draft.setUnits(1, 1e9)
  expect(draft.text).toBe('1x8192')
  draft.setUnits(0, NaN)
  expect(draft.text).toBe('1x8192')
})

test('every step is undone and redone; what came in pieces is one step', () => {
  const draft = draftOf()
  draft.begin(layers)
  expect(draft.canUndo).toBe(false)
  for (const text of ['6', '64', '64x', '64x8']) draft.write(text)
  draft.tidy()
  for (let units = 64; units < 70; units++) draft.setUnits(0, units)
  draft.setUnits(1, 9)
  draft.remove(0)
  expect(draft.text).toBe('9')
  const states = ['9', '69x9', '69x8', '64x8', '64x32']
  for (const text of states) {
    expect(draft.text).toBe(text)
    draft.undo()
  }
  expect(draft.canUndo).toBe(false)
  for (const text of states.toReversed()) {
    expect(draft.text).toBe(text)
    draft.redo()
  }
  draft.undo()
  draft.write('5')
  expect(draft.canRedo).toBe(false)
})

test('what is undone takes the sentence of an unreadable text with it', () => {
  const draft = draftOf('64xbanana')
  draft.undo()
  expect(draft.textProblem).toBeNull()
  expect(draft.text).toBe('64x32')
  draft.redo()
  expect(draft.textProblem).toContain('"banana"')
})

test('what is copied is pasted elsewhere as it was, and so is JSON of the lab', () => {
  const draft = draftOf('2a:tanh:dropout=0.1 x a:tanh')
  const other = draftOf()
  other.paste(draft.copy)
  expect(other.hidden).toEqual(draft.hidden)
  const output = { units: 3, activation: 'softmax' }
  const wholeNetwork = { inputs: 4, layers: [{ units: 5, activation: 'elu', normalisation: 'layer' }, output] }
  for (const pasted of [{ run: { id: 1, topology: wholeNetwork } }, { topology: wholeNetwork }, wholeNetwork]) {
    other.paste(JSON.stringify(pasted))
    expect(other.text).toBe('5:layernorm')
    expect(other.hidden[0]?.activation).toBe('elu')
    other.undo()
  }
  other.paste('{"price": 3}')
  expect(other.textProblem).toMatch(/holds no topology/)
  expect(other.hidden).toEqual(draft.hidden)
})
