import { describe, expect, it } from 'vitest'
import { lbfgsDefaults, lbfgsStep, type Objective, startLbfgs } from '#engine/kernels/reference/lbfgs.ts'
import { referenceGradients, type ReferenceTopology } from '#engine/kernels/reference/network.ts'
import { flatten, unflatten } from '#engine/kernels/reference/parameters.ts'
import { Random } from '#engine/random.ts'
import { randomParameters } from '#test/unit/engine/reference/support.ts'

/** The banana valley of Rosenbrock 1960; its minimum, 0, is at (1, 1). */
const valley: Objective = ([x = NaN, y = NaN]) => ({
  loss: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
  gradient: [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)]
})

function run(objective: Objective, start: number[], steps: number, settings = lbfgsDefaults) {
  let state = startLbfgs(objective, start)
  for (let step = 0; step < steps; step++) state = lbfgsStep(settings, objective, state)
  return state
}

describe('with a line search', () => {
  const settings = { ...lbfgsDefaults, lineSearch: 'wolfe' } as const

  it('reaches the end of a curved valley in few steps, and stays there', () => {
    const state = run(valley, [-1.2, 1], 60, settings)
    expect(state.at.loss).toBeLessThan(1e-18)
  })

  it('never takes a step that raises the loss', () => {
    let state = startLbfgs(valley, [-1.2, 1])
    for (let step = 0; step < 30; step++) {
      const next = lbfgsStep(settings, valley, state)
      expect(next.at.loss).toBeLessThanOrEqual(state.at.loss)
      state = next
    }
  })

  it('trains a small network on XOR', () => {
    const topology: ReferenceTopology = {
      inputs: 2,
      layers: [
        { units: 4, activation: 'tanh' },
        { units: 1, activation: 'sigmoid' }
      ]
    }
    const x = [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1]
    ]
    const objective: Objective = (values) => {
      const parameters = unflatten(topology, values)
      const result = referenceGradients(topology, { name: 'binary_cross_entropy' }, parameters, x, [[0], [1], [1], [0]])
      return { loss: result.loss, gradient: flatten(result.layers) }
    }
    expect(run(objective, flatten(randomParameters(topology, new Random(1))), 40, settings).at.loss).toBeLessThan(1e-4)
  })
})

it('solves a bowl whose axes differ a thousandfold in twenty steps of full length', () => {
  const bowl: Objective = ([a = NaN, b = NaN]) => ({ loss: (a * a + 1000 * b * b) / 2, gradient: [a, 1000 * b] })
  expect(run(bowl, [1, 1], 20).at.loss).toBeLessThan(1e-10)
})
