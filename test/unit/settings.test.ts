/**
 * Every setting of the table in every place that tells runs apart: two runs that differ there, and nowhere else, are told
 * apart by the setting's label. What programs read calls it by its path, as `--set` does.
 */
import { describe, expect, test } from 'vitest'
import type { Layer, Topology } from '#engine/network/topology.ts'
import { inSentence } from '#engine/setting.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { valueAt } from '#engine/training/plan-values.ts'
import { settingAt, settingPaths } from '#engine/training/settings.ts'
import type { Experiment } from '#contract/experiments.ts'
import type { ReportDocument } from '#contract/report.ts'
import { sweepSettings } from '#contract/sweeps.ts'
import { describeRun, settingsColumn } from '#lab/cli/describe-run.ts'
import { settingLines } from '#lab/documents/setting-lines.ts'
import { writeReportPage } from '#lab/report/page.ts'
import { groupRuns as groupTrials } from '#lab/selection/groups.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import type { StoredRun } from '#lab/store/runs.ts'
import { runsCsv } from '#lab/transfers/tracking/csv.ts'
import { mlflowRunFiles } from '#lab/transfers/tracking/mlflow.ts'
import { tensorboardFiles } from '#lab/transfers/tracking/tensorboard.ts'
import { planSweep } from '#lab/sweeps/space.ts'
import { trackedExperiment, trackedRun } from '#lab/transfers/tracking/tracked-run.ts'
import { runSettings } from '#renderer/pure/runs/describe-run.ts'
import { planDifferences } from '#renderer/pure/plan-differences.ts'
import { runsToCsv } from '#renderer/pure/runs/run-csv.ts'
import { RunKinds } from '#renderer/pure/runs/run-groups.ts'
import { RunTable } from '#renderer/state/run-table.svelte.ts'
import { plansThatDifferAt } from '#test/unit/plans.ts'
import { run } from '#test/unit/renderer/state/support.ts'
import { runOf } from '#test/unit/selection/support.ts'
import { nameTopology } from '#words/topologies.ts'

const question = { name: 'Which iris', settings: { target: 'class', task: 'classification' }, datasetName: 'iris' }
const stored = {
  ...question,
  settings: { ...question.settings, split: { kind: 'column', column: 'part' } },
  datasetHash: 'f00d',
  createdAt: 1
} as unknown as StoredExperiment

/** A run as the trackers of other programs get it. */
function tracked(plan: TrainingPlan) {
  const own = { ...runOf(1, 8, plan), parameters: 58, note: '', createdAt: 2, startedAt: 2, endedAt: 3 }
  return trackedRun(stored, own as unknown as StoredRun, null, null)
}

function textOf(chunks: Iterable<string | Uint8Array>): string {
  return Array.from(chunks, (chunk) => (typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk))).join('')
}

/** The lines, or rows, that two texts do not share. */
function ownLines(one: string, other: string, end: RegExp | string = '\n'): string[] {
  const known = new Set(other.split(end))
  return one.split(end).filter((line) => !known.has(line))
}

describe.each(settingPaths)('two runs that differ in %s', (path) => {
  const plans = plansThatDifferAt(path)
  const [plan, other] = plans
  const { label } = settingAt(path)
  const runs = [run(1, { plan }), run(2, { plan: other })] as const

  test('are two groups of the runs table, with a column that tells which is which', () => {
    const options = { task: 'classification', isGrouped: () => true, chosenColumns: () => new Set<string>() } as const
    const table = new RunTable({ ...options, runs: () => runs, kinds: new RunKinds() })
    expect(table.groupCount).toBe(2)
    const column = table.shownColumns.find((each) => each.label === label && each.key.startsWith('setting'))
    const cells = table.rows.map((row) => (row.type === 'run' ? column?.writeRun(row.run, row.kind) : undefined))
    expect(new Set(cells).size).toBe(2)
    expect(cells.every((cell) => cell)).toBe(true)
  })

  test('are told apart in the details of a run, in chips, and in the table that is saved', () => {
    const [first, second] = runs.map((each) => runSettings(each).get(path))
    expect(first).toMatchObject({ label })
    expect(second).toMatchObject({ label, isSaid: true })
    expect(second?.text).not.toBe(first?.text)
    expect(planDifferences(plan, other)).toContainEqual({ path, label, from: first?.text, to: second?.text })
    const [head, ...rows] = runsToCsv(runs, new RunKinds()).trim().split('\r\n')
    const place = head?.split(',').indexOf(label) ?? -1
    expect(place).toBeGreaterThan(0)
    expect(new Set(rows.map((row) => row.split(',')[place])).size).toBe(2)
  })

  test('are two points of a sweep that varies it', () => {
    const values = plans.map((each) => valueAt(each, path) ?? null)
    const settings = sweepSettings.parse({
      experimentId: 1,
      space: { hidden: ['8'], vary: [{ path, values }] },
      plan,
      baseline: false
    })
    const complete = (hidden: readonly Layer[]): Topology => ({
      inputs: 4,
      layers: [...hidden, { units: 3, activation: 'softmax' }]
    })
    const { points } = planSweep(settings, complete)
    expect(points.map((point) => valueAt(point.plan, path) ?? null)).toEqual(values)
  })

  test('have two names on the complexity curve', () => {
    const names = groupTrials([runOf(1, 8, plan), runOf(2, 8, other)], 'error').map((group) => nameTopology(group))
    expect(new Set(names).size).toBe(2)
    for (const name of names) expect(name).toContain(`(${inSentence(label)} `)
  })

  test('are told apart in the terminal', () => {
    const shown = runs.map((each) => describeRun(each, question as unknown as Experiment))
    const told = [...ownLines(shown[1] ?? '', shown[0] ?? '')].map((line) => line.replace(/ +/g, ' '))
    expect(told).toContainEqual(expect.stringContaining(`${inSentence(label)} `))
    const rows = runs.map((each) => ({ run: each }))
    const [column] = settingsColumn(rows)
    const cells = rows.map((row) => column?.text(row))
    expect(new Set(cells).size).toBe(2)
    for (const cell of cells) expect(cell).toContain(`${inSentence(label)} `)
    expect(settingLines()).toContainEqual(expect.objectContaining({ path, label }))
  })

  test('are told apart in what other trackers get, by path, and by label where people read it', () => {
    const [one, two] = plans.map(tracked)
    if (!one || !two) throw new Error('There are two plans.')
    const [head, ...rows] = [...runsCsv([one, two])]
    expect(head?.split(',')).toContain(`plan.${path}`)
    expect(new Set(rows).size).toBe(2)
    const parameter = [one, two].map((each) => {
      const files = mlflowRunFiles(trackedExperiment(stored), each, null, null)
      const file = files.find((candidate) => candidate.path.endsWith(`/params/plan.${path}`))
      return file && textOf(file.content() as Iterable<string>)
    })
    expect(new Set(parameter).size).toBe(2)
    expect(parameter).not.toContain(undefined)
    const [first, second] = [one, two].map((each) =>
      tensorboardFiles(each)
        .map((file) => textOf(file.content() as Iterable<Uint8Array>))
        .join('')
    )
    expect(ownLines(second ?? '', first ?? '')).toContainEqual(expect.stringContaining(`| ${label} |`))
  })

  test('are told apart in the report', () => {
    const [first, second] = plans.map((each) => {
      const { topology } = runOf(1, 8, each)
      const data = { kind: 'final' }
      const model = { runId: 1, data, topology, plan: each, parameters: 58, seed: 1, epochs: 3, train: null }
      return writeReportPage(reportWith({ ...model, parentId: 1, bestEpoch: 3, validation: null }))
    })
    expect(ownLines(second ?? '', first ?? '', '<tr>')).toContainEqual(expect.stringContaining(`>${label}</th>`))
  })
})

/** As little of a report as its page can be written of. */
function reportWith(model: object): ReportDocument {
  return {
    writtenAt: 0,
    experiment: { name: '', note: '' },
    question: { target: 'class', task: 'classification', classes: ['a', 'b'] },
    data: { rows: {}, columns: [], warnings: [], preparation: {}, split: { kind: 'column', column: 'part' } },
    measure: { name: 'error', label: '' },
    folds: null,
    tried: [],
    choices: [],
    openings: [],
    model
  } as unknown as ReportDocument
}
