import { describe, expect, it } from 'vitest'
import { newOptimizerState, optimizerStep, type ReferenceOptimizer } from '#engine/kernels/reference/optimizers.ts'
import { optimizerNames, optimizers } from '#engine/training/optimizers.ts'
import { expectClose } from '#test/unit/engine/reference/support.ts'

const defaults: ReferenceOptimizer[] = optimizerNames.flatMap((name) =>
  name === 'lbfgs' ? [] : [optimizers[name].defaults]
)

function run(settings: ReferenceOptimizer, start: number[], steps: number, gradient: (w: number[]) => number[]) {
  let [parameters, state] = [start, newOptimizerState]
  for (let step = 0; step < steps; step++) {
    ;({ parameters, state } = optimizerStep(settings, state, parameters, gradient(parameters)))
  }
  return parameters
}

describe.each(defaults)('$name', (settings) => {
  it('goes down into a bowl', () => {
    const bowl = (w: number[]) => [w[0] ?? NaN, 10 * (w[1] ?? NaN)]
    const [a = NaN, b = NaN] = run({ ...settings, learningRate: 0.05 }, [0.8, -0.6], 400, bowl)
    expect(a ** 2 + 10 * b ** 2).toBeLessThan(0.05)
  })

  it('changes nothing of its arguments', () => {
    const [parameters, gradients] = [Object.freeze([1, 2]), Object.freeze([0.5, -1])]
    const first = optimizerStep(settings, newOptimizerState, parameters, gradients)
    optimizerStep(settings, first.state, first.parameters, gradients)
    expect(optimizerStep(settings, newOptimizerState, parameters, gradients)).toEqual(first)
  })
})

it('carries momentum: v <- u v + g', () => {
  const moved = run({ name: 'momentum', learningRate: 0.1, momentum: 0.5 }, [0], 3, () => [1])
  expectClose('w', moved, [-0.1 * (1 + 1.5 + 1.75)], { absolute: 1e-15, relative: 0 })
})

it('makes the first step of Adam as long as its rate, whatever the size of the gradient', () => {
  for (const size of [1e-3, 1, 1e3]) {
    const moved = run(optimizers.adam.defaults, [0, 0], 1, () => [size, -size])
    expectClose('w', moved, [-0.001, 0.001], { absolute: 1e-7, relative: 0 })
  }
})

it('decays weights apart from the gradient in AdamW', () => {
  expect(run({ ...optimizers.adamw.defaults, learningRate: 0.1 }, [2], 1, () => [0])).toEqual([2 * (1 - 0.1 * 0.01)])
})
