/** What the charts draw: thinned and zoomed lines, means over seeds, axes that diverged runs do not flatten, and SVG. */
import { expect, test } from 'vitest'
import type { Run } from '#contract/runs.ts'
import { thin } from '#renderer/pure/downsample.ts'
import { SvgPen } from '#renderer/charts/pen.ts'
import { panned, sensibleRange, yAxis, zoomed } from '#renderer/parts/curves/axes.ts'
import { curvesToCsv, meansToCsv } from '#renderer/parts/curves/export.ts'
import { hasMeans, meanCurves } from '#renderer/parts/curves/means.ts'
import { measuresOf } from '#renderer/parts/curves/measures.ts'
import { linesOfRuns, type SeriesColors, seriesTokens, ThinnedCurves } from '#renderer/parts/curves/series.ts'
import type { ShownRun } from '#renderer/parts/curves/shown-run.ts'
import { Curve } from '#renderer/pure/curve.ts'
import { RunKinds } from '#renderer/pure/runs/run-groups.ts'
import { run } from '#test/unit/renderer/state/support.ts'

const { loss: measure } = measuresOf('classification')
const colors = Object.fromEntries(seriesTokens.map((token) => [token, token])) as SeriesColors

/** A run whose training loss is given, whose validation loss is twice it, and whose epochs take half a second. */
function shownRun(id: number, losses: readonly number[], change: Partial<Run> = {}): ShownRun {
  const curve = new Curve()
  const seconds = losses.map((_, index) => (index + 1) / 2)
  curve.merge({
    runId: id,
    columns: ['seconds', 'trainLoss', 'validationLoss'],
    firstEpoch: 1,
    epochs: losses.length,
    values: new Float32Array([...seconds, ...losses, ...losses.map((value) => 2 * value)])
  })
  return { run: run(id, { seed: id, ...change }), curve }
}

const options = {
  measure,
  parts: { training: true, validation: true },
  colors,
  xUnit: 'epochs',
  rows: 100,
  range: null,
  width: 400,
  focused: null
} as const

test('a zoomed part is thinned by itself: its extremes stay, and the line reaches both edges', () => {
  const values = Float32Array.from({ length: 10_000 }, (_, index) => Math.sin(index / 50) + (index === 5003 ? 9 : 0))
  const kept = thin(values, 200, 5000, 6000)
  expect(kept).toContain(5003)
  expect(kept.length).toBeLessThanOrEqual(203)
  expect(kept[0]).toBeGreaterThanOrEqual(5000)
  expect(kept.at(-1)).toBe(5999)
  const [line] = linesOfRuns([shownRun(1, [4, 3, 2, 1, 0.5])], { ...options, range: [2.5, 3.5] })
  expect([...(line?.points ?? [])]).toEqual([2, 3, 3, 2, 4, 1])
})

test('what was thinned once is chosen from while one zooms, and made anew where the curve has grown', () => {
  const losses = Array.from({ length: 1000 }, (_, index) => 5 + Math.sin(index / 7))
  const shown = shownRun(1, losses)
  const thinned = new ThinnedCurves()
  const pointsOf = (range: readonly [number, number] | null) =>
    linesOfRuns([shown], { ...options, range }, thinned)[0]?.points ?? new Float64Array()
  const whole = pointsOf(null)
  expect(pointsOf([1, 900]).buffer).toBe(whole.buffer)
  shown.curve.merge({ runId: 1, columns: ['trainLoss'], firstEpoch: 1001, epochs: 1, values: new Float32Array([99]) })
  expect([...pointsOf(null).subarray(-2)]).toEqual([1001, 99])
})

test('the x axis counts epochs, seconds or samples seen', () => {
  const xs = (xUnit: 'epochs' | 'seconds' | 'samples') =>
    [...(linesOfRuns([shownRun(1, [3, 2, 1])], { ...options, xUnit })[0]?.points ?? [])].filter((_, at) => at % 2 === 0)
  expect(xs('epochs')).toEqual([1, 2, 3])
  expect(xs('seconds')).toEqual([0.5, 1, 1.5])
  expect(xs('samples')).toEqual([100, 200, 300])
})

test('a few runs have a colour and a label each; many are thin, with the one in focus on top', () => {
  const few = linesOfRuns([shownRun(1, [1]), shownRun(2, [1])], options)
  expect(few.map(({ color }) => color)).toEqual(['class-1', 'class-1', 'class-2', 'class-2'])
  expect(few.map(({ label }) => label)).toEqual(['', 'run 1', '', 'run 2'])
  const many = linesOfRuns(
    Array.from({ length: 100 }, (_, index) => shownRun(index + 1, [2, 1])),
    { ...options, focused: 3 }
  )
  expect(many).toHaveLength(200)
  expect(many.slice(-2).map(({ id, alpha }) => [id, alpha])).toEqual([
    ['3-training', 1],
    ['3-validation', 1]
  ])
  expect(many[0]).toMatchObject({ color: 'training', alpha: 0.2, label: '' })
})

test('means are over the seeds of a group, without what broke off, while half of them train on', () => {
  const shown = [
    shownRun(1, [4, 2]),
    shownRun(2, [2, 1, 1]),
    shownRun(3, [3, 3, 3, 3]),
    shownRun(4, [1000, 1000], { status: 'diverged' })
  ]
  const [mean, ...others] = meanCurves(shown, 'Loss', new RunKinds())
  expect(others).toEqual([])
  expect(mean).toMatchObject({ runs: 3, epochs: 3, label: '8 relu' })
  expect([...(mean?.training.mean ?? [])]).toEqual([3, 2, 2])
  expect(mean?.training.deviation[0]).toBeCloseTo(1, 6)
  expect([...(mean?.seconds ?? [])]).toEqual([0.5, 1, 1.5])
})

test('one run, or runs that all broke off, have no mean: their own curves are drawn', () => {
  const stopped = { status: 'stopped' } as const
  expect(hasMeans([shownRun(1, [4, 2])])).toBe(false)
  expect(hasMeans([shownRun(1, [4, 2], stopped)])).toBe(false)
  expect(hasMeans([shownRun(1, [4, 2], stopped), shownRun(2, [2, 1], stopped)])).toBe(false)
  expect(hasMeans([shownRun(1, [4, 2], stopped), shownRun(2, [2, 1])])).toBe(true)
})

test('the y axis follows the calm runs, and says which leave it', () => {
  const lines = linesOfRuns([shownRun(1, [1, 0.5]), shownRun(2, [1, 1e20])], options)
  const range = sensibleRange(lines, ({ id }) => id.startsWith('2-'))
  expect(range).toMatchObject({ low: 0.5, high: 2, beyond: ['2-training', '2-validation'] })
  expect(sensibleRange(lines, () => true).high).toBeLessThanOrEqual(20)
  const axis = yAxis(range, measure, false)
  expect(axis.minimum).toBeGreaterThanOrEqual(0)
  expect(axis.maximum).toBeLessThan(2.2)
  expect(yAxis({ low: 0, high: 1, beyond: [] }, measure, true).minimum).toBeGreaterThan(0)
})

test('zooming keeps the place under the pointer and ends at the whole axis', () => {
  expect(zoomed([0, 100], [0, 100], 0.5, 20)).toEqual([10, 60])
  expect(zoomed([10, 60], [0, 100], 10, 20)).toEqual([0, 100])
  expect(panned([10, 60], [0, 100], 1)).toEqual([50, 100])
  expect(panned([10, 60], [0, 100], -1)).toEqual([0, 50])
})

test('a drawing is written as SVG, with what a person wrote escaped', () => {
  const pen = new SvgPen()
  pen.strokeStyle = 'red'
  pen.setLineDash([6, 4])
  pen.beginPath()
  pen.moveTo(1, 2.3456)
  pen.lineTo(3, 4)
  pen.stroke()
  pen.fillText('a < b & "c"', 5, 6)
  pen.strokeText('run 1', 7, 8)
  const text = pen.document(100, 50, 'white', 'Loss')
  expect(text).toContain('<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50"')
  expect(text).toContain('<path d="M1 2.35L3 4" fill="none" stroke="red" stroke-width="1" stroke-dasharray="6 4"/>')
  expect(text).toContain('a &lt; b &amp; &quot;c&quot;')
  expect(text).toMatch(/<text x="7" y="8"[^>]* fill="none" stroke="red"[^>]*>run 1<\/text>/)
})

test('what is drawn is what is saved: every epoch of each run, or mean and deviation of each group', () => {
  const shown = [shownRun(1, [4, 2]), shownRun(2, [2, 2, 1])]
  expect(curvesToCsv(shown, 'Loss').trim().split(/\r?\n/)).toEqual([
    'epoch,run 1 training,run 1 validation,run 2 training,run 2 validation',
    '1,4,8,2,4',
    '2,2,4,2,4',
    '3,,,1,2'
  ])
  const [header = '', first, ...others] = meansToCsv(meanCurves(shown, 'Loss', new RunKinds()))
    .trim()
    .split(/\r?\n/)
  expect(header).toMatch(/^epoch,(.+) training mean,\1 training deviation,\1 validation mean,\1 validation deviation$/)
  const [epoch, mean, deviation, ...validation] = first?.split(',').map(Number) ?? []
  expect([epoch, mean, ...validation]).toEqual([1, 3, 6, expect.closeTo(2 * Math.SQRT2, 5)])
  expect(deviation).toBeCloseTo(Math.SQRT2, 5)
  expect(others.at(-1)).toMatch(/^3,1,0,2,0$/)
})
