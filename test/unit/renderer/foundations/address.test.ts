import { expect, test } from 'vitest'
import {
  addressOf,
  choiceField,
  countField,
  numberField,
  numbersField,
  pointsField,
  switchField
} from '#renderer/parts/foundations/address.ts'

const codec = addressOf({
  rate: numberField(0.5, 0, 10),
  set: choiceField(['or', 'and']),
  steps: countField(0, 0, 100),
  open: switchField(false),
  sums: numbersField([1, 2], -5, 5),
  points: pointsField([], [0, 1], 3)
})

test('the start of a station is an empty address, and comes back from it', () => {
  const { state, problem } = codec.read('')
  expect(problem).toBeNull()
  expect(codec.write(state)).toBe('')
})

test('a state comes back from its address to the last bit', () => {
  const state = {
    rate: 0.1 + 0.2,
    set: 'and' as const,
    steps: 7,
    open: true,
    sums: [-1.5, 1 / 3],
    points: [
      { x: 0.125, y: -2.999, t: 1 },
      { x: 0, y: 0, t: 0 }
    ]
  }
  expect(codec.read(codec.write(state))).toEqual({ state, problem: null })
})

test.each([
  ['rate=fast', 'rate is "fast"; it takes a number from 0 to 10'],
  ['rate=11', 'rate is "11"'],
  ['rate=Infinity', 'rate is "Infinity"'],
  ['rate=', 'rate is ""'],
  ['set=nor', 'it takes one of or, and'],
  ['steps=1.5', 'it takes a whole number from 0 to 100'],
  ['steps=1e3', 'steps is "1e3"'],
  ['sums=1', 'it takes 2 numbers from -5 to 5'],
  ['points=1,2', 'points is "1,2"'],
  ['points=1,2,3', 'with t of 0, 1'],
  ['points=9,0,1', 'points is "9,0,1"'],
  ['constructor=1', 'names "constructor", which this station does not have'],
  ['nonsense', 'names "nonsense"'],
  [`points=${'0,0,1;'.repeat(9000)}`, 'too long']
])('refuses "%s" with a sentence, and starts as usual', (text, sentence) => {
  const { state, problem } = codec.read(text)
  expect(problem).toContain(sentence)
  expect(problem).toMatch(/The station starts as usual\.$/)
  expect(codec.write(state)).toBe('')
})
