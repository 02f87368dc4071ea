/** Who may open a lab folder, and what is said to the others. */
import { execFileSync } from 'node:child_process'
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { FromEngine, ToEngine } from '#engine/process/protocol.ts'
import { toLabError } from '#contract/client-errors.ts'
import type { ContractClient } from '#contract/contract.ts'
import type { EngineLauncher } from '#lab/hosts/services.ts'
import { createLab, readOwner } from '#lab/lab.ts'
import {
  curveOf,
  openLab,
  ringsExperiment,
  servicesOf,
  startRuns,
  waitForRun,
  waitForStatus,
  watchCurve
} from '#test/integration/lab/support.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'
import { listRuns } from '#trials/run-pieces.ts'

const open = (folder: string) => createLab(folder, servicesOf({ engines: [], errors: [] }))
const refusal = (folder: string) => open(folder).then(() => null, toLabError)

it('has one owner at a time, who is named to the second, and can be had again after it was closed', async () => {
  const folder = await temporaryFolder()
  const { lab } = await openLab(folder)
  lab.announce({ url: 'http://127.0.0.1:1234', secret: 'hidden' })
  expect(await refusal(folder)).toMatchObject({
    code: 'lab_busy',
    message: expect.stringContaining(`in use by a command (process ${process.pid})`) as string
  })
  expect(readOwner(folder)?.address).toEqual({ url: 'http://127.0.0.1:1234', secret: 'hidden' })
  expect((await stat(join(folder, 'owner.json'))).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o600)
  await lab.close()
  expect(readOwner(folder)).toBeNull()
  await (await open(folder)).close()
})

it('lets others read beside the owner: lists, curves and files, but nothing that changes it', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const [run] = await startRuns(client, await ringsExperiment(client, folder), 20)
  const runId = run?.id ?? 0
  await waitForStatus(client, runId, 'done')

  const beside = (await openLab(folder, { readOnly: true })).client
  expect(await listRuns(beside, {})).toEqual(await listRuns(client, {}))
  expect(await curveOf(beside, runId, 'trainLoss')).toHaveLength(20)
  expect(await watchCurve(beside, runId, 20)).not.toEqual([])
  const { datasetId } = (await beside.experiments.list())[0]?.settings ?? { datasetId: '' }
  expect((await beside.datasets.preview({ datasetId, limit: 2 })).rows).toHaveLength(2)
  for (const change of [
    beside.runs.remove({ runIds: [runId] }),
    beside.runs.openTest({ runId }),
    beside.host.settings.set({ name: 'theme', value: 1 }),
    beside.datasets.import({ source: { sampleId: 'iris' } })
  ]) {
    expect(await change.then(() => null, toLabError)).toMatchObject({
      code: 'lab_busy',
      message: expect.stringContaining(`process ${process.pid}`) as string
    })
  }
  expect(await listRuns(client, {})).toHaveLength(1)
})

it('refuses a damaged lab twice with the same sentence: the first refusal let go of the folder', async () => {
  const folder = await temporaryFolder()
  await (await open(folder)).close()
  await writeFile(join(folder, 'lab.sqlite'), 'this is no database, whatever its name says')
  const first = await refusal(folder)
  expect(first).toMatchObject({ code: 'lab_unusable', details: { file: folder } })
  expect(first?.message).toContain(`The lab folder ${folder} can't be used. Its file lab.sqlite is damaged.`)
  expect(await refusal(folder)).toEqual(first)
  expect(await readFile(join(folder, 'lab.sqlite'), 'utf8')).toMatch(/no database/)
})

it('refuses a folder that is a file', async () => {
  const file = join(await temporaryFolder(), 'lab')
  await writeFile(file, 'a file')
  expect(await refusal(file)).toMatchObject({
    code: 'lab_unusable',
    message: expect.stringContaining('There is a file where the lab needs a folder') as string
  })
})

it.runIf(process.platform === 'linux')('refuses a place where the system makes no folder', async () => {
  expect(await refusal('/proc/lab/of/mine')).toMatchObject({
    code: 'lab_unusable',
    message: expect.stringContaining('No folder can be made there. Choose another one.') as string
  })
})

const isRoot = process.getuid?.() === 0
it.skipIf(isRoot || process.platform === 'win32')('refuses a folder that can not be written', async () => {
  const folder = join(await temporaryFolder(), 'closed')
  await mkdir(folder, { mode: 0o500 })
  expect(await refusal(folder)).toMatchObject({
    code: 'lab_unusable',
    message: expect.stringContaining('not written') as string
  })
})

/** A small disk of its own; null where this machine does not let us have one. */
async function smallDisk(): Promise<string | null> {
  const folder = await temporaryFolder()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    return null
  }
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]))
  return folder
}

describe('when the disk is full', () => {
  /** A run that the disk has no room for any more: interrupted. `makeRoom` lets it go on. */
  async function interruptedRun(client: ContractClient, folder: string) {
    const experiment = await ringsExperiment(client, folder)
    const [run] = await startRuns(client, experiment, 1_000_000)
    const runId = run?.id ?? 0
    await watchCurve(client, runId, 10)
    const filler = join(folder, 'filler')
    await writeFile(filler, new Uint8Array(4 * 1024 * 1024)).catch(() => undefined)
    return { run: await waitForStatus(client, runId, 'interrupted'), makeRoom: () => rm(filler) }
  }

  it('interrupts a run with a sentence, and goes on once there is room', async (context) => {
    const folder = await smallDisk()
    if (folder === null) return context.skip('A disk of its own needs the right to mount one.')
    const { client } = await openLab(folder)
    const { run, makeRoom } = await interruptedRun(client, folder)
    expect(run.message).toMatch(/disk that holds the lab is full/)
    expect(
      await client.runs
        .start({
          experimentId: run.experimentId,
          hidden: [],
          plan: run.plan,
          seeds: Array.from({ length: 1000 }, (_, seed) => seed),
          note: 'x'.repeat(1000)
        })
        .then(() => null, toLabError)
    ).toMatchObject({ code: 'lab_unusable' })
    await makeRoom()
    await client.runs.resume({ runId: run.id })
    expect((await waitForRun(client, run.id, (now) => now.epochs > run.epochs)).status).toBe('running')
  })

  it('goes on with a run also where the engine is late to tell how it ended', async (context) => {
    const folder = await smallDisk()
    if (folder === null) return context.skip('A disk of its own needs the right to mount one.')
    const services = servicesOf({ engines: [], errors: [] })
    const { launch, hasEnded } = withLateEnds(services.launchEngine)
    const lab = await createLab(folder, { ...services, launchEngine: launch })
    onTestFinished(() => lab.close())
    const { run, makeRoom } = await interruptedRun(lab.client, folder)
    await hasEnded
    await makeRoom()
    await lab.client.runs.resume({ runId: run.id })
    const gone = await waitForRun(
      lab.client,
      run.id,
      ({ status, epochs }) => status === 'stopped' || epochs > run.epochs
    )
    expect(gone.status).toBe('running')
  })

  /** Holds back that a run has ended until the next data set is loaded: then the run is being prepared to go on. */
  function withLateEnds(launchEngine: EngineLauncher): { launch: EngineLauncher; hasEnded: Promise<void> } {
    const { promise: hasEnded, resolve } = Promise.withResolvers<void>()
    const launch = () => {
      const port = launchEngine()
      const held: FromEngine[] = []
      let tell: (message: FromEngine) => void = () => undefined
      return {
        ...port,
        onMessage(listener: typeof tell) {
          tell = listener
          port.onMessage((message) => {
            if (message.type !== 'run.ended') return listener(message)
            held.push(message)
            resolve()
          })
        },
        post(message: ToEngine) {
          if (message.type === 'dataset.load') held.splice(0).forEach(tell)
          port.post(message)
        }
      }
    }
    return { launch, hasEnded }
  }
})
