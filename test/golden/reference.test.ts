/** The float64 reference against PyTorch and scikit-learn. */
import { describe, expect, it } from 'vitest'
import { scalarActivations, type ScalarActivationName } from '#engine/kernels/reference/activations.ts'
import { lbfgsStep, startLbfgs } from '#engine/kernels/reference/lbfgs.ts'
import { evaluateLoss } from '#engine/kernels/reference/losses.ts'
import { column } from '#engine/kernels/reference/matrix.ts'
import {
  accuracy,
  averageMetrics,
  classMetrics,
  confusionMatrix,
  logLoss,
  predictedClasses,
  quantile,
  regressionMetrics,
  rocAuc
} from '#engine/kernels/reference/metrics.ts'
import { referenceGradients } from '#engine/kernels/reference/network.ts'
import {
  batchNormForward,
  layerNormForward,
  newRunningStatistics,
  runningNormForward,
  updateRunning
} from '#engine/kernels/reference/normalisation.ts'
import { newOptimizerState, optimizerStep } from '#engine/kernels/reference/optimizers.ts'
import { flatten, unflatten, weightsOf } from '#engine/kernels/reference/parameters.ts'
import { clipByNorm, clipByValue } from '#engine/kernels/reference/regularisation.ts'
import { plateauRates, scheduledRate, warmedRate } from '#engine/kernels/reference/schedules.ts'
import { readGolden, titleOf } from '#test/golden/golden.ts'
import { expectClose } from '#test/unit/engine/reference/support.ts'

/** Both sides count in float64; what is left is the order of additions. */
const float64 = { absolute: 1e-13, relative: 1e-11 }

describe('activations', () => {
  const golden = readGolden('activations')
  it.each(Object.entries(golden.activations))('%s', (name, { values, derivatives }) => {
    const { value, derivative } = scalarActivations[name as ScalarActivationName]
    expectClose(`${name} value`, golden.points.map(value), values, float64)
    expectClose(`${name} derivative`, golden.points.map(derivative), derivatives, float64)
  })
})

describe('losses', () => {
  it.each(readGolden('losses').cases)('$loss', ({ loss, start, targets, value, gradient }) => {
    const result = evaluateLoss(loss, start, targets)
    expectClose('loss', result.loss, value, float64)
    expectClose('gradient', result.gradient, gradient, float64)
  })
})

describe('networks', () => {
  it.each(readGolden('networks').cases.map((network) => ({ title: titleOf(network), network })))(
    '$title',
    ({ network }) => {
      const { topology, loss, parameters, x, t } = network
      const result = referenceGradients(topology, loss, parameters, x, t)
      expectClose('loss', result.loss, network.value, float64)
      expectClose('outputs', result.outputs, network.outputs, float64)
      expectClose('inputs', result.inputs, network.inputGradients, float64)
      network.gradients.forEach((wanted, index) => {
        for (const [part, values] of Object.entries(wanted) as [keyof typeof wanted, number[]][]) {
          expectClose(`layer ${index + 1} ${part}`, result.layers[index]?.[part] ?? NaN, values, float64)
        }
      })
    }
  )
})

describe('ten steps of an optimizer', () => {
  const { topology, loss, start, x, t, cases, lbfgs } = readGolden('optimizers')
  const lossAt = (values: readonly number[]) => {
    const result = referenceGradients(topology, loss, unflatten(topology, values), x, t)
    return { loss: result.loss, gradient: flatten(result.layers) }
  }
  /** A step divides by the root of squared gradients, which magnifies what the order of additions left. */
  const afterSteps = { absolute: 1e-10, relative: 1e-9 }

  const decays = weightsOf(unflatten(topology, start))

  it.each(cases)('$optimizer.name', ({ optimizer, steps }) => {
    let [parameters, state] = [start, newOptimizerState]
    steps.forEach((wanted, step) => {
      const here = lossAt(parameters)
      expectClose(`loss before step ${step + 1}`, here.loss, wanted.loss, afterSteps)
      ;({ parameters, state } = optimizerStep(optimizer, state, parameters, here.gradient, decays))
      expectClose(`parameters after step ${step + 1}`, parameters, wanted.parameters, afterSteps)
    })
  })

  it('lbfgs', () => {
    let state = startLbfgs(lossAt, start)
    lbfgs.steps.forEach((wanted, step) => {
      state = lbfgsStep(lbfgs.settings, lossAt, state)
      expectClose(`parameters after step ${step + 1}`, [...state.parameters], wanted, afterSteps)
    })
  })
})

describe('schedules over 50 epochs', () => {
  const { base, cases, warmed, plateaus } = readGolden('schedules')

  it.each(cases)('$schedule.name', ({ schedule, rates }) => {
    expect(rates).toHaveLength(50)
    expectClose(
      'rate',
      rates.map((_, k) => scheduledRate(schedule, base, k)),
      rates,
      float64
    )
  })

  it('warm-up in front of exponential', () => {
    const { warmUp, schedule, rates } = warmed
    expectClose(
      'rate',
      rates.map((_, k) => warmedRate(warmUp, schedule, base, k)),
      rates,
      float64
    )
  })

  it.each(plateaus)('reduce on plateau, cooldown $settings.cooldown', ({ settings, losses, rates }) => {
    expect(new Set(rates).size).toBeGreaterThan(3)
    expectClose('rate', plateauRates(settings, base, losses), rates, float64)
  })
})

describe('normalisation', () => {
  const { gain, shift, batches, evaluation } = readGolden('normalisation')

  it('by batch, with running figures', () => {
    let running = newRunningStatistics(gain.length)
    batches.forEach((batch, index) => {
      expectClose(`batch ${index}`, batchNormForward(batch.z, gain, shift).output, batch.output, float64)
      running = updateRunning(running, batch.z)
      expectClose(`running mean ${index}`, [...running.means], [...batch.running.means], float64)
      expectClose(`running variance ${index}`, [...running.variances], [...batch.running.variances], float64)
    })
    const evaluated = runningNormForward(evaluation.z, gain, shift, running).output
    expectClose('evaluation', evaluated, evaluation.output, float64)
  })

  it('by layer', () => {
    batches.forEach((batch, index) => {
      expectClose(`batch ${index}`, layerNormForward(batch.z, gain, shift).output, batch.layerNorm, float64)
    })
  })
})

it('clipping', () => {
  const { gradient, byNorm, byValue } = readGolden('clipping')
  for (const { limit, clipped } of byNorm) expectClose(`norm ${limit}`, clipByNorm(gradient, limit), clipped, float64)
  for (const { limit, clipped } of byValue)
    expectClose(`value ${limit}`, clipByValue(gradient, limit), clipped, float64)
})

describe('metrics', () => {
  const { classification, regression } = readGolden('metrics')

  it('of classes', () => {
    const { classes, probabilities } = classification
    const predicted = predictedClasses(probabilities)
    expect(accuracy(predicted, classes)).toBeCloseTo(classification.accuracy, 14)
    const confusion = confusionMatrix(predicted, classes, 3)
    expect(confusion).toEqual(classification.confusion)
    const figures = classMetrics(confusion)
    for (const field of ['precision', 'recall', 'f1'] as const) {
      expectClose(
        field,
        figures.map((figure) => figure[field]),
        classification[field],
        float64
      )
    }
    for (const kind of ['macro', 'weighted'] as const) {
      expectClose(kind, Object.values(averageMetrics(figures, kind)), classification.averages[kind], float64)
    }
    const areas = [0, 1, 2].map((k) =>
      rocAuc(
        column(probabilities, k),
        classes.map((label) => label === k)
      )
    )
    expectClose('ROC-AUC', areas, classification.rocAuc, float64)
    expect(logLoss(probabilities, classes)).toBeCloseTo(classification.logLoss, 13)
  })

  it('of numbers', () => {
    const { predicted, targets, shares } = regression
    const { rmse, mae, r2 } = regressionMetrics(predicted, targets)
    expectClose('rmse, mae, r2', [rmse, mae, r2], [regression.rmse, regression.mae, regression.r2], float64)
    const residuals = predicted.map((value, index) => value - (targets[index] ?? NaN))
    expectClose(
      'quantiles',
      shares.map((share) => quantile(residuals, share)),
      regression.quantiles,
      float64
    )
  })
})
