import { expect, test } from 'vitest'
import { ActivationsModel, chainOf, meanOutput } from '#renderer/parts/foundations/activations/model.svelte.ts'

test("softmax of the lecture's three sums is (0.53, 0.19, 0.28), and not each sum's share of them", () => {
  const { shares, state } = new ActivationsModel('part=softmax')
  expect(state.sums).toEqual([1.6, 0.55, 0.98])
  expect(shares.map((share) => share.toFixed(2))).toEqual(['0.53', '0.19', '0.28'])
  const total = state.sums.reduce((sum, value) => sum + value, 0)
  expect(state.sums.map((sum) => (sum / total).toFixed(2))).toEqual(['0.51', '0.18', '0.31'])
})

test('ten sigmoid layers leave less than a millionth of the gradient, ten ReLU layers all of it', () => {
  expect(Math.abs(chainOf('sigmoid', 1, 1, 10).at(-1)?.product ?? 1)).toBeLessThan(1e-6)
  expect(chainOf('relu', 1, 1, 10).at(-1)?.product).toBe(1)
})

test('the product of the factors is the derivative of the chain: central differences', () => {
  const output = (input: number) => chainOf('tanh', input, 1.3, 5).at(-1)?.output ?? NaN
  const step = 1e-5
  const difference = (output(0.4 + step) - output(0.4 - step)) / (2 * step)
  expect(chainOf('tanh', 0.4, 1.3, 5).at(-1)?.product).toBeCloseTo(difference, 8)
})

test('tanh averages zero, sigmoid a half, ReLU 1 / sqrt(2 pi)', () => {
  expect(meanOutput('tanh')).toBeCloseTo(0, 10)
  expect(meanOutput('sigmoid')).toBeCloseTo(0.5, 6)
  expect(meanOutput('relu')).toBeCloseTo(1 / Math.sqrt(2 * Math.PI), 4)
})

test('an address restores the exact state', () => {
  const model = new ActivationsModel('')
  model.set({ part: 'depth', name: 'gelu', z: -2.345, layers: 17, weight: 1.25 })
  model.setSum(1, -0.07)
  const again = new ActivationsModel(model.address)
  expect(again.problem).toBeNull()
  expect(again.state).toEqual(model.state)
})
