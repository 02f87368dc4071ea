/** What a trained run gets wrong, measured by the real engine, and the report of a real small lab. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toLabError } from '#contract/client-errors.ts'
import { reportDocument } from '#contract/report.ts'
import {
  importDataset,
  openLab,
  planFor,
  proposedExperiment,
  ringsExperiment,
  startRuns,
  waitForStatus
} from '#test/integration/lab/support.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'
import { errorOf } from '#trials/measure.ts'
import { formatShare } from '#words/numbers.ts'

describe('what a run gets wrong', () => {
  it('agrees with the figures of the run, class by class and row by row', async () => {
    const folder = await temporaryFolder()
    const { client } = await openLab(folder)
    const experiment = await ringsExperiment(client, folder)
    const [run] = await startRuns(client, experiment, 120)
    const runId = run?.id ?? 0
    const { validation } = await waitForStatus(client, runId, 'done')
    const details = await client.runs.details({ runId })

    const figures = await client.diagnostics.ofPart({ runId })
    if (figures.task !== 'classification' || details?.validation?.task !== 'classification')
      throw new Error('no classes')
    expect(figures.rows).toBe(experiment.rows.validation)
    const areas = details.validation.classes.map(({ rocAuc }) => rocAuc)
    figures.classes.forEach(({ roc }, index) => expect(roc?.area).toBeCloseTo(areas[index] ?? NaN, 6))
    const right = figures.calibration.bins.reduce((sum, { rows, accuracy }) => sum + rows * accuracy, 0)
    expect(right / figures.rows).toBeCloseTo(validation?.accuracy ?? NaN, 6)

    const worst = await client.diagnostics.worstRows({ runId, limit: 500 })
    expect(worst.rows).toHaveLength(figures.rows)
    expect(worst.wrong).toBe(Math.round((1 - (validation?.accuracy ?? NaN)) * figures.rows))
    expect(worst.columns).toEqual(['x', 'y', 'ring'])
    const probabilities = worst.rows.map(({ probability }) => probability)
    expect(probabilities).toEqual(probabilities.toSorted((a, b) => (a ?? 0) - (b ?? 0)))
    // The values are the table's own, of the very rows.
    const { rows } = await client.datasets.preview({ datasetId: experiment.settings.datasetId, limit: 300 })
    for (const { row, values, target } of worst.rows) {
      expect(values).toEqual(rows[row - 1])
      expect(target).toBe(values[2])
    }

    const items = []
    for await (const item of await client.diagnostics.importance({ runId })) items.push(item)
    const last = items.at(-1)
    if (last?.type !== 'done') throw new Error('The stream ended without a result.')
    expect(items[0]).toMatchObject({ type: 'progress', done: 0, of: 2 })
    expect(last.error).toBeCloseTo(1 - (validation?.accuracy ?? NaN), 6)
    expect(last.columns.map(({ column }) => column).toSorted()).toEqual(['x', 'y'])
    expect(last.columns.every(({ mean, rises }) => mean > 0.05 && rises.length === 5)).toBe(true)
  })

  it('is told in units of the target for a regression, and only once the run has ended', async () => {
    const folder = await temporaryFolder()
    const { client } = await openLab(folder)
    const dataset = await importDataset(client, { sampleId: 'penguins' })
    const experiment = await proposedExperiment(client, dataset, 'body_mass_g')
    const [run] = await client.runs.start({
      experimentId: experiment.id,
      hidden: [{ units: 8, activation: 'relu' }],
      plan: { ...planFor(30), loss: 'mean_squared_error' },
      seeds: [1]
    })
    const runId = run?.id ?? 0
    const early = client.diagnostics.ofPart({ runId }).then(() => null, toLabError)
    const { validation } = await waitForStatus(client, runId, 'done')
    expect(await early).toMatchObject({ code: 'conflict' })
    const figures = await client.diagnostics.ofPart({ runId })
    if (figures.task !== 'regression') throw new Error('no regression')
    expect(figures.rmse / (validation?.rmse ?? NaN)).toBeCloseTo(1, 5)
    expect(figures.r2).toBeCloseTo(validation?.r2 ?? NaN, 5)
    expect(figures.histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(experiment.rows.validation)
    const { rows } = await client.diagnostics.worstRows({ runId, limit: 1 })
    const furthest = Math.max(...figures.quantiles.map(({ residual }) => Math.abs(residual)))
    expect(Math.abs(rows[0]?.residual ?? 0)).toBeCloseTo(furthest, 3)
  })
})

describe('the report', () => {
  it('tells everything that was tried, and of the test part only what was opened', async () => {
    const folder = await temporaryFolder()
    const { client } = await openLab(folder)
    const experiment = await ringsExperiment(client, folder)
    const experimentId = experiment.id
    const started = [...(await startRuns(client, experiment, 120, [1, 2]))]
    for (const { id } of started) await waitForStatus(client, id, 'done')
    const runId = started[0]?.id ?? 0
    await client.choice.make({ experimentId, runId })
    const sealed = reportDocument.parse(
      JSON.parse((await client.report.write({ experimentId, format: 'json' })).text ?? '')
    )
    expect(sealed).toMatchObject({
      data: { name: 'rings', rows: { train: 180, validation: 60, test: 60 } },
      suggestion: { key: sealed.choices[0]?.key },
      model: { runId },
      openings: []
    })
    expect(sealed.tried.find(({ chosen }) => chosen)).toMatchObject({ seeds: 2, suggested: true })

    const { test } = await client.runs.openTest({ runId })
    const path = join(folder, 'report.html')
    expect(await client.report.write({ experimentId, format: 'html', path })).toMatchObject({ path, text: null })
    const page = await readFile(path, 'utf8')
    expect(page).toContain(formatShare(errorOf(test)))
    expect(page).toContain('first opening: these rows had not been seen')
    // Escaped, a quote in the style sheet would end the fonts of the whole page.
    const style = /<style>([^]*?)<\/style>/.exec(page)?.[1] ?? ''
    expect(style).toContain('"Segoe UI"')
    expect(style).not.toMatch(/&\w+;|&#\d+;/)
    expect(page).toContain(sealed.data.hash)
    const nowhere = client.report.write({ experimentId, format: 'html', path: join(folder, 'none', 'report.html') })
    expect(await nowhere.then(() => null, toLabError)).toMatchObject({ code: 'bad_file' })
  })
})
