import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { calibrationOf, classCurves, type Curve } from '#lab/insight/diagnostics/class-curves.ts'

interface GoldenCurve {
  readonly x: number[]
  readonly y: number[]
  readonly area: number
}

/** As make_diagnostics.py writes it. */
interface GoldenDiagnostics {
  readonly curves: {
    readonly scores: number[]
    readonly members: number[]
    readonly roc: GoldenCurve
    readonly precisionRecall: GoldenCurve
  }[]
  readonly calibration: {
    readonly confidences: number[]
    readonly right: number[]
    readonly accuracy: number[]
    readonly confidence: number[]
    readonly counts: number[]
    readonly expectedError: number
  }
}

const golden = JSON.parse(readFileSync(resolve(import.meta.dirname, 'diagnostics.json'), 'utf8')) as GoldenDiagnostics

/** Every point of a curve is one of scikit-learn's, and both begin and end alike. */
function expectPointsOf(curve: Curve | null, wanted: GoldenCurve): void {
  const text = (x: number | undefined, y: number | undefined) => `${x?.toFixed(9)} ${y?.toFixed(9)}`
  const known = wanted.x.map((x, at) => text(x, wanted.y[at]))
  const points = curve?.x.map((x, at) => text(x, curve.y[at])) ?? []
  expect(points.filter((point) => !known.includes(point))).toEqual([])
  expect([points[0], points.at(-1)]).toEqual([known[0], known.at(-1)])
}

describe('curves of a class', () => {
  it.each([
    ['scores that all differ', golden.curves[0]],
    ['many equal scores', golden.curves[1]]
  ])('agree with scikit-learn for %s', (_, given) => {
    const { scores = [], members = [], roc, precisionRecall } = given ?? {}
    const curves = classCurves(Float32Array.from(scores), Uint8Array.from(members))
    expect(curves.roc?.area).toBeCloseTo(roc?.area ?? NaN, 12)
    expect(curves.precisionRecall?.area).toBeCloseTo(precisionRecall?.area ?? NaN, 12)
    if (roc && precisionRecall) {
      expectPointsOf(curves.roc, roc)
      expectPointsOf(curves.precisionRecall, precisionRecall)
    }
  })

  it('lose nothing but points on straight lines, so that the drawn area is the true one', () => {
    const { scores = [], members = [] } = golden.curves[0] ?? {}
    const { roc } = classCurves(Float32Array.from(scores), Uint8Array.from(members))
    const { x = [], y = [], area } = roc ?? {}
    const drawn = x
      .slice(1)
      .reduce((sum, right, at) => sum + ((right - (x[at] ?? 0)) * ((y[at] ?? 0) + (y[at + 1] ?? 0))) / 2, 0)
    expect(drawn).toBeCloseTo(area ?? NaN, 12)
    expect(x.length).toBeLessThan(scores.length)
  })

  it('are not made up where one side has no rows', () => {
    const scores = Float32Array.of(0.2, 0.7)
    expect(classCurves(scores, Uint8Array.of(0, 0))).toEqual({ roc: null, precisionRecall: null })
    expect(classCurves(scores, Uint8Array.of(1, 1))).toMatchObject({ roc: null, precisionRecall: { area: 1 } })
  })
})

describe('calibration', () => {
  it('agrees with scikit-learn, bin by bin', () => {
    const { confidences, right, accuracy, confidence, counts, expectedError } = golden.calibration
    const calibration = calibrationOf(Float32Array.from(confidences), Uint8Array.from(right))
    expect(calibration.bins.map(({ rows }) => rows)).toEqual(counts)
    calibration.bins.forEach((bin, at) => {
      expect(bin.accuracy).toBeCloseTo(accuracy[at] ?? NaN, 9)
      expect(bin.confidence).toBeCloseTo(confidence[at] ?? NaN, 6)
    })
    expect(calibration.expectedError).toBeCloseTo(expectedError, 6)
  })
})
