/** What every client may rely on, whatever carries its calls: one suite, run over each transport. */
import { getEventMeta } from '@orpc/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toLabError } from '#contract/client-errors.ts'
import type { ContractClient } from '#contract/contract.ts'
import type { LabError } from '#contract/errors.ts'
import type { Experiment } from '#contract/experiments.ts'
import { runPiece } from '#contract/runs.ts'
import { complexity } from '#contract/selection.ts'
import { createLab, type Lab } from '#lab/lab.ts'
import { type Mounted, transports } from '#test/contract/transports.ts'
import {
  columnOf,
  ringsExperiment,
  servicesOf,
  startRuns,
  waitForStatus,
  watchCurve
} from '#test/integration/lab/support.ts'
import { listRuns } from '#trials/run-pieces.ts'

describe.each(transports)('the contract over $name', ({ mount, isRemote }) => {
  let folder: string
  let lab: Lab
  let mounted: Mounted
  let client: ContractClient
  let experiment: Experiment
  let doneRun: number
  const logged: string[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'topology-lab-test-'))
    lab = await createLab(folder, servicesOf({ engines: [], errors: logged }))
    mounted = await mount(lab)
    client = (await mounted.connect()).client
    experiment = await ringsExperiment(client, folder)
    const [run] = await startRuns(client, experiment, 40)
    doneRun = run?.id ?? 0
    await waitForStatus(client, doneRun, 'done')
  })

  afterAll(async () => {
    await mounted.close()
    await lab.close()
    await rm(folder, { recursive: true, force: true })
  })

  const refusalOf = (call: Promise<unknown>): Promise<LabError | null> => call.then(() => null, toLabError)

  it('answers calls with the same plain data', async () => {
    expect(await client.runs.get({ runId: doneRun })).toEqual(await lab.client.runs.get({ runId: doneRun }))
    expect(await client.experiments.get({ experimentId: experiment.id })).toMatchObject({ runs: 1, openings: 0 })
    expect(await client.host.info()).toMatchObject({ name: 'direct', labFolder: folder, engine: { state: 'ready' } })
    expect(await client.runs.openedTest({ runId: doneRun })).toBeNull()
  })

  it('carries typed arrays bit for bit', async () => {
    const { parameters } = await client.runs.weights({ runId: doneRun, which: 'last' })
    const expected = await lab.client.runs.weights({ runId: doneRun, which: 'last' })
    expect(parameters).toBeInstanceOf(Float32Array)
    expect(parameters).toEqual(expected.parameters)
    const [curve] = await client.runs.curves({ runIds: [doneRun] })
    expect(curve).toMatchObject({ runId: doneRun, firstEpoch: 1, epochs: 40 })
    expect(curve?.values).toHaveLength(40 * (curve?.columns.length ?? 0))
  })

  it('sends long answers, which it does not check, as their schemas have them', async () => {
    for await (const piece of await client.runs.list({})) expect(runPiece.parse(piece)).toEqual(piece)
    const runs = await listRuns(client, { experimentId: experiment.id })
    expect(runs).toEqual([await client.runs.get({ runId: doneRun })])
    const answer = await client.selection.complexity({ experimentId: experiment.id })
    expect(answer.points.map(({ seeds }) => seeds)).toEqual([1, 1])
    expect(complexity.parse(answer)).toEqual(answer)
    expect(answer).toEqual(await lab.client.selection.complexity({ experimentId: experiment.id }))
    expect(await refusalOf(client.runs.list({ experimentId: 99 }))).toMatchObject({ code: 'not_found' })
  })

  it('gives errors a code of the closed list, their sentence and their details', async () => {
    expect(await refusalOf(client.runs.get({ runId: 99 }))).toMatchObject({
      name: 'LabError',
      code: 'not_found',
      message: 'There is no run 99.'
    })
    const plan = (await client.runs.get({ runId: doneRun })).plan
    const hidden = [{ units: 9000, activation: 'relu' as const }]
    const start = client.runs.start({ experimentId: experiment.id, hidden, plan, seeds: [1] })
    expect(await refusalOf(start)).toMatchObject({
      code: 'bad_settings',
      message: 'Layer 1 needs 1 to 8192 units; it has 9000.',
      details: { field: 'layers.0.units' }
    })
  })

  it('refuses input that does not fit, names the field, and logs nothing as unexpected', async () => {
    const wrong = client.runs.get({ runId: 'seven' } as never)
    expect(await refusalOf(wrong)).toMatchObject({ code: 'bad_settings', details: { field: 'runId' } })
    expect(await refusalOf(client.runs.curves({ runIds: Array<number>(10_001).fill(1) }))).toMatchObject({
      code: 'bad_settings',
      details: { field: 'runIds' }
    })
    expect(logged).toEqual([])
  })

  it.runIf(isRemote)('refuses names that are not in it', async () => {
    const unknown = client.runs as unknown as { erase(): Promise<unknown> }
    expect(await refusalOf(unknown.erase())).toMatchObject({ code: 'internal', message: 'Not Found' })
  })

  it('sends an import the whole way, and the last item to those who come late', async () => {
    const files = [{ path: join(folder, 'missing.csv') }]
    const { jobId } = await client.datasets.import({ source: { files } })
    const last = async () => {
      const items = []
      for await (const item of await client.datasets.importProgress({ jobId })) items.push(item)
      return items.at(-1)
    }
    const first = await last()
    expect(first).toMatchObject({
      type: 'failed',
      code: 'bad_file',
      message: expect.stringContaining('missing.csv') as string
    })
    expect(await last()).toEqual(first)
    expect(await refusalOf(client.datasets.cancelImport({ jobId: 'job-99' }))).toMatchObject({ code: 'not_found' })
  })

  it('streams curves while a run trains, ends when the client leaves, and goes on after the last event id', async () => {
    const [run] = await startRuns(client, experiment, 1_000_000)
    const runId = run?.id ?? 0
    const stream = await client.runs.metrics({ runIds: [runId] })
    const pieces = []
    let lastEventId: string | undefined
    while (pieces.length < 3) {
      const { value, done } = await stream.next()
      if (done) throw new Error('The stream ended.')
      if (value.type === 'curves') pieces.push(...value.pieces)
      lastEventId = getEventMeta(value)?.id
    }
    await stream.return?.()

    const again = await client.runs.metrics({ runIds: [runId] }, { lastEventId })
    for await (const item of again) {
      if (item.type === 'curves') pieces.push(...item.pieces)
      break
    }
    await client.runs.stop({ runId })
    // Resumed after the id: nothing twice, nothing left out.
    const ends = pieces.map((piece) => piece.firstEpoch + piece.epochs)
    expect(pieces.slice(1).map((piece) => piece.firstEpoch)).toEqual(ends.slice(0, -1))
    expect(columnOf(pieces, 'trainLoss').every(Number.isFinite)).toBe(true)
    await client.runs.remove({ runIds: [runId] })
  })

  it('cancels a stream by its signal', async () => {
    const leaving = new AbortController()
    const events = await client.host.events(undefined, { signal: leaving.signal })
    const waiting = events.next().then(
      ({ done }) => done,
      () => true
    )
    leaving.abort()
    expect(await waiting).toBe(true)
  })

  it('tells every client of what one of them changes', async () => {
    const other = await mounted.connect()
    const events = await other.client.host.events()
    const next = events.next()
    await client.runs.update({ runId: doneRun, note: `Seen over ${isRemote ? 'a wire' : 'nothing'}.` })
    const { value } = await next
    expect(value).toMatchObject({ type: 'run', run: { id: doneRun, note: expect.stringContaining('Seen') as string } })
    await events.return?.()
    other.disconnect()
  })

  it.runIf(isRemote)('goes on for others, and for training, when a client breaks off', async () => {
    const [run] = await startRuns(client, experiment, 1_000_000)
    const runId = run?.id ?? 0
    const other = await mounted.connect()
    await watchCurve(other.client, runId, 5)
    const stream = await other.client.runs.metrics({ runIds: [runId] })
    await stream.next()
    other.disconnect()
    const later = (await client.runs.get({ runId })).epochs
    await watchCurve(client, runId, later + 5)
    expect((await client.runs.stop({ runId })).status).toBe('stopped')
    await client.runs.remove({ runIds: [runId] })
  })
})
