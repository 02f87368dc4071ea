import { expect, it } from 'vitest'
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

const truth = [0, 0, 0, 1, 1, 2]
const said = [0, 0, 1, 1, 1, 0]

it('picks the largest output, or side of 1/2 for a single one', () => {
  expect(
    predictedClasses([
      [0.1, 0.7, 0.2],
      [0.5, 0.5, 0]
    ])
  ).toEqual([1, 0])
  expect(predictedClasses([[0.49], [0.51]])).toEqual([0, 1])
})

it('counts hits by class', () => {
  expect(accuracy(said, truth)).toBeCloseTo(4 / 6, 15)
  const confusion = confusionMatrix(said, truth, 3)
  expect(confusion).toEqual([
    [2, 1, 0],
    [0, 2, 0],
    [1, 0, 0]
  ])
  const figures = classMetrics(confusion)
  expect(figures[0]).toEqual({ precision: 2 / 3, recall: 2 / 3, f1: 4 / 6, support: 3 })
  expect(figures[1]).toEqual({ precision: 2 / 3, recall: 1, f1: 4 / 5, support: 2 })
  expect(figures[2]).toEqual({ precision: 0, recall: 0, f1: 0, support: 1 })
  expect(averageMetrics(figures, 'macro').recall).toBeCloseTo((2 / 3 + 1) / 3, 15)
  expect(averageMetrics(figures, 'weighted').recall).toBeCloseTo(4 / 6, 15)
  expect(() => confusionMatrix([3], [0], 3)).toThrow('Class 3 is none of 3 classes')
})

it('measures how well scores order rows: 1 perfect, 1/2 for all equal, ties half', () => {
  expect(rocAuc([0.9, 0.8, 0.1], [true, true, false])).toBe(1)
  expect(rocAuc([0.5, 0.5, 0.5], [true, false, true])).toBe(0.5)
  expect(rocAuc([0.1, 0.4, 0.35, 0.8], [false, false, true, true])).toBe(0.75)
  expect(rocAuc([0.1], [true])).toBeNaN()
})

it('takes the logarithm of the right class, bounded for certainty that is wrong', () => {
  expect(
    logLoss(
      [
        [0.25, 0.75],
        [0.5, 0.5]
      ],
      [1, 0]
    )
  ).toBeCloseTo(-(Math.log(0.75) + Math.log(0.5)) / 2, 15)
  expect(logLoss([[0.2]], [0])).toBeCloseTo(-Math.log(0.8), 15)
  expect(logLoss([[1, 0]], [1])).toBeCloseTo(52 * Math.LN2, 12)
})

it('measures residuals', () => {
  const figures = regressionMetrics([1, 2, 5], [1, 3, 3])
  expect(figures.rmse).toBeCloseTo(Math.sqrt(5 / 3), 15)
  expect(figures.mae).toBe(1)
  expect(figures.r2).toBeCloseTo(1 - 5 / (8 / 3), 15)
  expect(regressionMetrics([1, 2], [4, 4]).r2).toBeNaN()
  expect([0, 0.25, 0.5, 1].map((share) => quantile([40, 10, 30, 20], share))).toEqual([10, 17.5, 25, 40])
})
