/** Pictures of trained networks, rewind and new runs from kept weights, with the real engine. */
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { LossSliceItem } from '#contract/loss-slice.ts'
import { defaultPlan } from '#engine/training/plan.ts'
import {
  importDataset,
  openLab,
  planFor,
  proposedExperiment,
  ringsExperiment,
  startRuns,
  sweepOf,
  waitForRun,
  waitForStatus,
  waitForSweep,
  weightBits
} from '#test/integration/lab/support.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'
import { listRuns } from '#trials/run-pieces.ts'

describe('a surface', () => {
  it('says over two columns what the network says for its rows, in the units of the table', async () => {
    const folder = await temporaryFolder()
    const { client } = await openLab(folder)
    const experiment = await ringsExperiment(client, folder)
    const [run] = await startRuns(client, experiment, 60)
    const runId = run?.id ?? 0
    const { train } = await waitForStatus(client, runId, 'done')
    const { columns, suggested, firstRows } = await client.understand.axes({ experimentId: experiment.id })
    expect(suggested).toEqual(['x', 'y'])
    expect(columns[0]).toMatchObject({ kind: 'numeric', name: 'x' })

    const surface = await client.understand.surface({ runId, x: 'x', y: 'y', resolution: 41 })
    expect(surface.values).toHaveLength(41 * 41 * 2)
    const { points } = surface
    const right = points?.predictions.filter((said, point) => said === points.targets[point]).length ?? 0
    expect(right / (points?.targets.length ?? 1)).toBeCloseTo(train?.accuracy ?? NaN, 6)
    // The middle of the rings is inside of the inner one.
    const middle = (20 * 41 + 20) * 2
    expect(surface.values[middle]).toBeGreaterThan(0.5)
    expect((surface.values[middle] ?? 0) + (surface.values[middle + 1] ?? 0)).toBeCloseTo(1, 5)

    // Held at a row, the curve over the other column runs through what the network says for that very row.
    const table = (await readFile(`${folder}/rings.csv`, 'utf8')).split('\n').slice(1)
    const row = firstRows[3] ?? 0
    const [x = NaN, y = NaN] = (table[row] ?? '').split(',').map(Number)
    const line = await client.understand.surface({ runId, x: 'x', row, resolution: 200 })
    expect(line.y).toBeNull()
    expect(Number(line.held[0]?.value)).toBeCloseTo(y, 4)
    const nearest = line.x.values.reduce((best, value, place) => {
      return Math.abs(value - x) < Math.abs((line.x.values[best] ?? 0) - x) ? place : best
    }, 0)
    const said = points?.predictions[points.rows.indexOf(row)]
    expect(Number((line.values[nearest * 2 + 1] ?? 0) > 0.5)).toBe(said)
  })

  it('holds categories and numbers at their typical values, and keeps the test part sealed', async () => {
    const { client } = await openLab(await temporaryFolder())
    const experiment = await proposedExperiment(client, await importDataset(client, { sampleId: 'penguins' }))
    const [run] = await startRuns(client, experiment, 5)
    const runId = run?.id ?? 0
    await waitForStatus(client, runId, 'done')
    const { columns, firstRows } = await client.understand.axes({ experimentId: experiment.id })
    const category = columns.find(({ kind }) => kind === 'categorical')
    const number = columns.find(({ kind }) => kind === 'numeric')
    if (category?.kind !== 'categorical' || number?.kind !== 'numeric') throw new Error('Penguins have both.')
    const surface = await client.understand.surface({ runId, x: number.name, y: category.name, resolution: 10 })
    expect(surface.y?.levels).toEqual(category.levels)
    expect(surface.values).toHaveLength(10 * category.levels.length * 3)
    const held = columns.filter(({ name }) => name !== number.name && name !== category.name)
    expect(surface.held.map(({ value }) => value)).toEqual(held.map(({ typical }) => String(typical)))

    const others = Array.from({ length: 344 }, (_, row) => row).filter((row) => !firstRows.includes(row))
    const asked = others.map((row) => client.understand.surface({ runId, x: number.name, row, resolution: 2 }))
    const answers = await Promise.allSettled(asked)
    const test = answers.filter(
      (answer) => answer.status === 'rejected' && String(answer.reason).includes('belongs to the sealed test part')
    )
    expect(test).toHaveLength(experiment.rows.test)
    await expect(client.understand.surface({ runId, x: 'wings' })).rejects.toThrow('"wings" is no input column')
  })

  it('shows a run in training as it is now, and what a unit gives', async () => {
    const folder = await temporaryFolder()
    const { client } = await openLab(folder)
    const [run] = await startRuns(client, await ringsExperiment(client, folder), 1_000_000)
    const runId = run?.id ?? 0
    const { epochs } = await waitForRun(client, runId, (now) => now.epochs > 20)
    const place = { runId, weights: 'now', x: 'x', y: 'y', resolution: 8 } as const
    const surface = await client.understand.surface(place)
    expect(surface.epoch).toBeGreaterThanOrEqual(epochs)
    const unit = await client.understand.surface({ ...place, unit: { layer: 1, unit: 2 } })
    expect(unit).toMatchObject({ outputs: 1, points: null })
    expect(Math.min(...unit.values)).toBeGreaterThanOrEqual(0)
    await client.runs.stop({ runId })
    await expect(client.understand.surface({ ...place, unit: { layer: 1, unit: 16 } })).rejects.toThrow('no unit 17')
  })
})

describe('a network as a picture', () => {
  it('has its strongest units with their links and what they give, and names those that do nothing', async () => {
    const folder = await temporaryFolder()
    const { client } = await openLab(folder)
    const experiment = await ringsExperiment(client, folder)
    const [run] = await startRuns(client, experiment, 3)
    const runId = run?.id ?? 0
    await waitForStatus(client, runId, 'done')
    const picture = await client.understand.network({ runId, x: 'x', y: 'y', most: 4, resolution: 6 })
    expect(picture.columns.map(({ units, drawn }) => [units, drawn.length])).toEqual([
      [2, 2],
      [16, 4],
      [8, 4],
      [2, 2]
    ])
    expect(picture.columns[0]?.labels).toEqual(['x', 'y'])
    expect(picture.columns[3]?.labels).toEqual(['inner', 'outer'])
    expect(picture.links.map((links) => links.length)).toEqual([8, 16, 8])
    expect(picture.rows).toBe(experiment.rows.train)
    const hidden = picture.columns[1]
    expect(hidden?.responses).toHaveLength(4 * 36)
    const unit = hidden?.drawn[1] ?? 0
    const alone = await client.understand.surface({
      runId,
      x: 'x',
      y: 'y',
      resolution: 6,
      unit: { layer: 1, unit }
    })
    expect(hidden?.responses?.slice(36, 72)).toEqual(alone.values)
  })

  it('shows the incoming weights of first units as images where rows are images', async () => {
    const { client } = await openLab(await temporaryFolder())
    const experiment = await proposedExperiment(client, await importDataset(client, { sampleId: 'digits_8x8' }))
    const [run] = await startRuns(client, experiment, 1)
    const runId = run?.id ?? 0
    await waitForStatus(client, runId, 'done')
    const { image, suggested } = await client.understand.axes({ experimentId: experiment.id })
    expect(image).toEqual({ width: 8, height: 8 })
    const [x = '', y = null] = suggested
    const { columns } = await client.understand.network({ runId, x, y, most: 3 })
    const { parameters } = await client.runs.weights({ runId })
    const unit = columns[1]?.drawn[0] ?? 0
    expect(columns[1]?.images?.slice(0, 64)).toEqual(parameters.slice(unit * 64, (unit + 1) * 64))
  })
})

describe('a slice through the loss', () => {
  async function follow(stream: Promise<AsyncIterable<LossSliceItem>>): Promise<LossSliceItem | undefined> {
    let last: LossSliceItem | undefined
    for await (const item of await stream) last = item
    return last
  }

  it('has the run in its middle, its start at (1, 0) of the way, and the loss of both', async () => {
    const folder = await temporaryFolder()
    const { client, errors } = await openLab(folder)
    const experiment = await ringsExperiment(client, folder)
    const [run] = await startRuns(client, experiment, 12)
    const runId = run?.id ?? 0
    const { train, validation } = await waitForStatus(client, runId, 'done')

    const random = await follow(client.understand.lossSlice({ runId, size: 11 }))
    if (random?.type !== 'done') throw new Error(JSON.stringify(random))
    expect(random).toMatchObject({ part: 'train', rows: experiment.rows.train, size: 11, span: 1, way: [] })
    expect(random.losses[5 * 11 + 5]).toBeCloseTo(train?.loss ?? NaN, 5)
    const other = await follow(client.understand.lossSlice({ runId, size: 11, part: 'validation', seed: 2 }))
    if (other?.type !== 'done') throw new Error(JSON.stringify(other))
    expect(other.losses[5 * 11 + 5]).toBeCloseTo(validation?.loss ?? NaN, 5)
    expect(other.losses[0]).not.toBe(random.losses[0])

    const way = await follow(client.understand.lossSlice({ runId, plane: 'way', size: 25 }))
    if (way?.type !== 'done') throw new Error(JSON.stringify(way))
    expect(way.way[0]).toMatchObject({ epoch: 0, b: expect.closeTo(0, 5) as number })
    expect(way.way[0]?.a).toBeCloseTo(1, 5)
    expect(way.way.at(-1)).toMatchObject({ epoch: way.epoch, a: 0, b: 0 })
    // Twelve places to the left of the middle and as many to the right; the start lies span / 1 of them away.
    const start = way.losses[12 * 25 + 12 + Math.round(12 / way.span)] ?? 0
    expect(start).toBeGreaterThan(way.losses[12 * 25 + 12] ?? Infinity)
    expect(errors).toEqual([])
  })

  it('is cancelled when it is left, and says in a sentence what it can not do', async () => {
    const folder = await temporaryFolder()
    const { client, errors } = await openLab(folder)
    const experiment = await ringsExperiment(client, folder)
    const hidden = [{ units: 1000, activation: 'tanh' as const }]
    const wide = { experimentId: experiment.id, hidden, plan: planFor(1), seeds: [1] }
    const [run] = await client.runs.start(wide)
    const runId = run?.id ?? 0
    await waitForStatus(client, runId, 'done')
    for await (const item of await client.understand.lossSlice({ runId, size: 61 })) {
      expect(item.type).toBe('progress')
      break
    }
    // The engine goes on with what is asked next, and its memory was given back.
    expect(await follow(client.understand.lossSlice({ runId, size: 3 }))).toMatchObject({ type: 'done' })

    const { id: sweepId } = await client.sweeps.start(sweepOf(experiment, ['4'], { epochs: 3 }))
    await waitForSweep(client, sweepId, ({ status }) => status === 'done')
    const swept = (await listRuns(client, { experimentId: experiment.id })).find(({ id }) => id !== runId)
    expect(await follow(client.understand.lossSlice({ runId: swept?.id ?? 0, plane: 'way' }))).toEqual({
      type: 'failed',
      message: `The first weights of run ${swept?.id} were not kept: choose random directions.`
    })
    await expect(follow(client.understand.lossSlice({ runId: 999 }))).rejects.toThrow('999')
    expect(errors).toEqual([])
  })
})

describe('rewind', () => {
  it('keeps weights of epochs on the way, in a run of its own but not in a sweep', async () => {
    const folder = await temporaryFolder()
    const { lab, client } = await openLab(folder)
    const experiment = await ringsExperiment(client, folder)
    const [run] = await startRuns(client, experiment, 12)
    const runId = run?.id ?? 0
    const { bestEpoch } = await waitForStatus(client, runId, 'done')
    const kept = await client.runs.kept({ runId })
    expect(kept).toEqual({ epochs: Array.from({ length: 13 }, (_, epoch) => epoch), best: bestEpoch, last: 12 })
    const at = (weights: 'best' | number) =>
      client.understand.surface({ runId, x: 'x', y: 'y', weights, resolution: 9 })
    expect((await at(bestEpoch ?? 0)).values).toEqual((await at('best')).values)
    expect((await at(0)).values).not.toEqual((await at(12)).values)
    const { id: sweepId } = await client.sweeps.start(sweepOf(experiment, ['4'], { epochs: 3 }))
    await waitForSweep(client, sweepId, ({ status }) => status === 'done')
    const [swept] = await listRuns(client, { experimentId: experiment.id })
    expect(await client.runs.kept({ runId: swept?.id ?? 0 })).toMatchObject({ epochs: [], last: 3 })
    await lab.close()
    expect(await (await openLab(folder)).client.runs.kept({ runId })).toEqual(kept)
  })

  it('lets a new run begin with the weights of an epoch, also when its parent is gone', async () => {
    const folder = await temporaryFolder()
    const { client } = await openLab(folder)
    const experiment = await ringsExperiment(client, folder)
    const [run] = await startRuns(client, experiment, 12)
    const parentId = run?.id ?? 0
    await waitForStatus(client, parentId, 'done')
    const request = {
      experimentId: experiment.id,
      hidden: [16, 8].map((units) => ({ units, activation: 'relu' as const })),
      plan: { ...planFor(6), batchSize: 8 },
      seeds: [4],
      from: { runId: parentId, epoch: 5 }
    }
    const [branch, again] = [...(await client.runs.start(request)), ...(await client.runs.start(request))]
    const runId = branch?.id ?? 0
    expect(branch).toMatchObject({ parentId, fromEpoch: 5 })
    await waitForStatus(client, runId, 'done')
    await client.runs.remove({ runIds: [parentId] })
    const place = { x: 'x', y: 'y', resolution: 9, weights: 0 } as const
    const start = await client.understand.surface({ ...place, runId })
    await waitForStatus(client, again?.id ?? 0, 'done')
    expect((await client.understand.surface({ ...place, runId: again?.id ?? 0 })).values).toEqual(start.values)
    expect(await weightBits(client, runId, 'last')).toEqual(await weightBits(client, again?.id ?? 0, 'last'))

    const wrong = { ...request, from: { runId, epoch: 3 } }
    await expect(client.runs.start({ ...wrong, hidden: [] })).rejects.toThrow('needs the same layers')
    await expect(client.runs.start({ ...wrong, from: { runId, epoch: 99 } })).rejects.toThrow('were not kept')
  })

  it('tells where a run blew up, and goes on from its last good weights at a smaller rate', async () => {
    const folder = await temporaryFolder()
    const { client } = await openLab(folder)
    const experiment = await proposedExperiment(client, await importDataset(client, { sampleId: 'sine' }))
    const hidden = [{ units: 8, activation: 'relu' as const }]
    const base = defaultPlan('mean_squared_error')
    const plan = {
      ...base,
      optimizer: { name: 'sgd' as const, learningRate: 3 },
      stopping: { epochs: 50, patience: null }
    }
    const [run] = await client.runs.start({ experimentId: experiment.id, hidden, plan, seeds: [1] })
    const runId = run?.id ?? 0
    const { divergence, bestEpoch } = await waitForStatus(client, runId, 'diverged')
    expect(await client.runs.get({ runId })).toMatchObject({ divergence })
    expect(divergence).toMatchObject({ calmerRate: 0.3 })
    expect(divergence?.message).toContain(`layer ${divergence?.layer ?? 0}`)
    const calmer = { ...plan, optimizer: { name: 'sgd' as const, learningRate: 0.01 } }
    const [next] = await client.runs.start({
      experimentId: experiment.id,
      hidden,
      plan: calmer,
      seeds: [1],
      from: { runId, epoch: bestEpoch ?? 0 }
    })
    const { validation } = await waitForStatus(client, next?.id ?? 0, 'done')
    expect(validation?.loss).toBeLessThan(1)
  })
})
