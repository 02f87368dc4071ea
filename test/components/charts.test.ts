/** Charts that are worked in, and of each that can be saved the picture: a change in what is drawn is seen here. */
import { expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import type { ClassificationDiagnostics, RegressionDiagnostics } from '#contract/diagnostics.ts'
import type { PredictionForm } from '#contract/predictions.ts'
import { toSvg } from '#renderer/charts/line-chart.svelte.ts'
import ComplexityChart from '#renderer/parts/complexity/ComplexityChart.svelte'
import DepthWidthMap from '#renderer/parts/complexity/DepthWidthMap.svelte'
import { familiesOf } from '#renderer/parts/complexity/families.ts'
import { xAxis, yAxis } from '#renderer/parts/curves/axes.ts'
import CurveChart from '#renderer/parts/curves/CurveChart.svelte'
import { measuresOf } from '#renderer/parts/curves/measures.ts'
import { bestMarks, linesOfRuns, seriesTokens } from '#renderer/parts/curves/series.ts'
import { CurveView } from '#renderer/parts/curves/view.svelte.ts'
import ResponseChart from '#renderer/parts/model/ResponseChart.svelte'
import RangeChart from '#renderer/parts/plan/RangeChart.svelte'
import Calibration from '#renderer/parts/understand/Calibration.svelte'
import ClassCurves from '#renderer/parts/understand/ClassCurves.svelte'
import Residuals from '#renderer/parts/understand/Residuals.svelte'
import { Curve } from '#renderer/pure/curve.ts'
import { appOver, leave, show, svgOf } from '#test/components/part.ts'
import { curveOf, point } from '#test/unit/renderer/parts/complexity.ts'
import { run } from '#test/unit/renderer/state/support.ts'

const kept = (name: string) => `./svg/${name}.svg`

/** Holds each chart of the page against its kept picture. */
async function expectPictures(...names: string[]) {
  const pictures = () => [...document.querySelectorAll('main svg')].filter((svg) => svg.querySelector('text'))
  await expect.poll(() => pictures().length).toBe(names.length)
  for (const [index, name] of names.entries()) {
    await expect(svgOf(pictures()[index] as Element)).toMatchFileSnapshot(kept(name))
  }
}

const points = [
  point([], 0.4),
  point([2], 0.3),
  point([4], 0.2),
  point([8], 0.25),
  point([2, 2], 0.28),
  point([4, 4], 0.22)
]

function showCurve(change = {}) {
  const asked: string[] = []
  const props = {
    complexity: curveOf(points, { best: '4', suggested: '2' }),
    families: familiesOf(points, 'parameters'),
    axis: 'parameters' as const,
    logX: true,
    logY: false,
    training: true,
    selected: new Set<string>(),
    inputs: 4,
    outputs: 3,
    onselect: ({ key }: { key: string }, adds: boolean) => asked.push(`${key}${adds ? ' too' : ''}`),
    onfill: () => undefined,
    onextend: () => undefined,
    ...change
  }
  return { asked, page: show(ComplexityChart, props, { width: 620, height: 320 }) }
}

test('points of the complexity curve are reached by arrow keys, tell their figures, and show their runs', async () => {
  const { asked, page } = showCurve()
  const group = page.getByRole('group', { name: /^Points of the curve/ })
  await expect.poll(() => group.getByRole('button').elements().length).toBe(points.length)
  const stops = group
    .getByRole('button')
    .elements()
    .filter((button) => (button as HTMLElement).tabIndex === 0)
  expect(stops).toHaveLength(1)
  ;(stops[0] as HTMLElement).focus()
  await userEvent.keyboard('{Home}{ArrowRight}')
  await expect.poll(() => document.activeElement).not.toBe(stops[0])
  ;(page.getByRole('button', { name: /^2: validation/ }).element() as HTMLElement).focus()
  await userEvent.keyboard('{ArrowRight}')
  await expect.element(page.getByRole('button', { name: /^4: validation 20\.0/ })).toHaveFocus()
  await expect.element(page.getByText(/2 seeds/).first()).toBeInTheDocument()
  await userEvent.keyboard('{Enter}')
  expect(asked).toEqual(['4'])
})

test('the complexity curve is drawn as it is kept, on linear and on log axes', async () => {
  showCurve()
  await expectPictures('complexity')
  await leave()
  showCurve({ logX: false, logY: true, training: false, axis: 'hiddenUnits' })
  await expectPictures('complexity-log-error')
})

test('the map of depth and width is drawn as it is kept, and its empty cells are chosen by key', async () => {
  const chosen: string[] = []
  const page = show(DepthWidthMap, {
    complexity: curveOf(points, { best: '4', suggested: '2' }),
    settings: '',
    inputs: 4,
    outputs: 3,
    selected: new Set<string>(),
    chosen: new Set<string>(),
    onselect: () => undefined,
    onchoose: (depth: number, width: number) => chosen.push(`${depth} ${width}`)
  })
  await expectPictures('depth-width')
  const cells = page.getByRole('group', { name: /^Cells of the map/ })
  const empty = cells.getByRole('button', { name: /not tried/ }).first()
  ;(empty.element() as HTMLElement).focus()
  await userEvent.keyboard('{Enter}')
  expect(chosen).toHaveLength(1)
})

/** A run whose losses fall over 40 epochs. */
function shownRun(id: number) {
  const curve = new Curve()
  const epochs = 40
  const losses = Array.from({ length: epochs }, (_, index) => 1 / (1 + index / (5 * id)))
  const seconds = losses.map((_, index) => index / 100)
  curve.merge({
    runId: id,
    columns: ['seconds', 'trainLoss', 'validationLoss'],
    firstEpoch: 1,
    epochs,
    values: new Float32Array([...seconds, ...losses, ...losses.map((value) => 0.1 + 0.9 * value)])
  })
  return { run: run(id, { seed: id, epochs, bestEpoch: 30 }), curve }
}

test('curves are walked and zoomed by keys, and read as a table', async () => {
  const app = appOver()
  const view = new CurveView(100, app.preferences)
  const measure = measuresOf('classification').loss
  const heading = (() => undefined) as never
  const shown = [shownRun(1)]
  const page = show(CurveChart, { shown, measure, view, logarithmic: false, focused: 1, heading }, { app })
  const chart = page.getByRole('img', { name: /^Lines of the Loss, now run 1: training/ })
  ;(chart.element() as HTMLElement).focus()
  await userEvent.keyboard('{Home}{ArrowRight}')
  await expect.element(page.getByText('epoch 2', { exact: true })).toBeInTheDocument()
  await userEvent.keyboard('+')
  expect(view.range).not.toBeNull()
  await userEvent.keyboard('0')
  expect(view.range).toBeNull()
  await page.getByRole('button', { name: 'Loss chart' }).click()
  await page.getByRole('menuitem', { name: 'Show as table' }).click()
  await expect.element(page.getByRole('table')).toBeInTheDocument()
})

test('curves are saved as SVG as they are kept', async () => {
  const names = ['grid', 'line-strong', 'text-3', 'text-2', 'surface', ...seriesTokens] as const
  const colors = Object.fromEntries(names.map((name) => [name, name])) as Record<(typeof names)[number], string>
  const measure = measuresOf('classification').loss
  const options = { measure, colors, rows: 100, range: null, width: 500, focused: null } as const
  for (const [name, ids, logarithmic] of [
    ['curve', [1], false],
    ['curves-log', [1, 2], true]
  ] as const) {
    const shown = ids.map(shownRun)
    const given = { ...options, parts: { training: true, validation: true }, xUnit: 'epochs' } as const
    const svg = toSvg(
      {
        lines: linesOfRuns(shown, given),
        bands: [],
        marks: bestMarks(shown, given),
        x: xAxis([1, 40], 'epochs', logarithmic, 1),
        y: yAxis({ low: 0.1, high: 1, beyond: [] }, measure, logarithmic)
      },
      520,
      260,
      colors,
      'Loss'
    )
    await expect(svg.replaceAll('><', '>\n<')).toMatchFileSnapshot(kept(name))
  }
})

test('the range test is drawn as it is kept', async () => {
  const rates = Array.from({ length: 36 }, (_, index) => 10 ** (index / 5 - 6))
  const losses = rates.map((rate) => 1 / (1 + 30 * rate) + 2 * rate)
  const range = { rates, losses, smoothed: losses, exploded: false, suggested: 0.01, reason: 'It falls fastest there.' }
  show(RangeChart, { test: range })
  await expectPictures('range-test')
})

const form: PredictionForm = {
  columns: [
    {
      kind: 'numeric',
      column: 'length',
      minimum: 0,
      maximum: 10,
      integer: false,
      date: false,
      withTime: false,
      clock: false,
      fill: 5
    },
    {
      kind: 'numeric',
      column: 'day',
      minimum: 0,
      maximum: 400,
      integer: true,
      date: true,
      withTime: false,
      clock: false,
      fill: 5
    }
  ],
  target: 'kind',
  classes: ['left', 'right'],
  targetRange: null,
  image: null,
  parts: { train: 1, validation: 1 }
}

test('a response is drawn as it is kept, along numbers and along dates', async () => {
  const respond = (column: string, to: number) => ({
    column,
    at: Array.from({ length: 11 }, (_, index) => (index * to) / 10),
    predictions: Array.from({ length: 11 }, (_, index) => ({
      label: 'left',
      value: null,
      probabilities: [index / 10, 1 - index / 10]
    }))
  })
  show(ResponseChart, { response: respond('length', 10), form, at: 2 })
  await expectPictures('response')
  await leave()
  show(ResponseChart, { response: respond('day', 400), form, at: null })
  await expectPictures('response-dates')
})

const curve = { x: [0, 0.1, 0.4, 1], y: [0, 0.7, 0.9, 1], area: 0.85 }
const classification: ClassificationDiagnostics['classes'] = ['left', 'right'].map((name) => ({
  name,
  rows: 20,
  roc: curve,
  precisionRecall: { ...curve, y: [1, 0.9, 0.8, 0.5] }
}))

test('curves of classes are drawn as they are kept', async () => {
  show(ClassCurves, { classes: classification }, { width: 360, height: 700 })
  await expectPictures('roc', 'precision-recall')
})

test('calibration is drawn as it is kept, and read as a table', async () => {
  const bins = [0.3, 0.5, 0.9].map((from, index) => ({
    from,
    to: from + 0.1,
    rows: 10 * (index + 1),
    confidence: from + 0.05,
    accuracy: from
  }))
  const page = show(Calibration, { calibration: { bins, expectedError: 0.05 } }, { width: 360 })
  await expectPictures('calibration')
  await page.getByRole('button', { name: 'Calibration chart' }).click()
  await page.getByRole('menuitem', { name: 'Show as table' }).click()
  await expect.poll(() => page.getByRole('row').elements().length).toBe(4)
})

test('residuals are drawn as they are kept', async () => {
  const figures: RegressionDiagnostics = {
    task: 'regression',
    epoch: 5,
    rows: 9,
    rmse: 0.5,
    mae: 0.4,
    r2: 0.9,
    points: Array.from({ length: 9 }, (_, index) => ({
      row: index + 1,
      target: index,
      prediction: index + (index % 3) - 1
    })),
    histogram: { edges: [-1, -0.5, 0, 0.5, 1], counts: [3, 0, 3, 3] },
    quantiles: [0, 0.5, 1].map((share) => ({ share, residual: 2 * share - 1 })),
    normal: { mean: 0, deviation: 0.8 }
  }
  show(Residuals, { figures, target: 'y', part: 'validation' as const }, { width: 360, height: 1200 })
  await expectPictures('predicted-true', 'residuals', 'residual-histogram')
})
