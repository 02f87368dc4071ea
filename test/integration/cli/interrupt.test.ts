/** A command that joined the owner of the lab is interrupted in the moment in which its work ends. */
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import type { ContractClient } from '#contract/contract.ts'
import { followSweep } from '#lab/cli/commands/sweep.ts'
import { createOutput } from '#lab/cli/output.ts'
import { followRun } from '#lab/cli/follow-run.ts'
import {
  openLab,
  ringsExperiment,
  startRuns,
  sweepOf,
  waitForStatus,
  waitForSweep
} from '#test/integration/lab/support.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

/** What a command has around it, interrupted from the start; `said` is what it says on stderr. */
function interruptedContext(labFolder: string) {
  const terminal = { stdout: new PassThrough(), stderr: new PassThrough() }
  const output = createOutput(terminal, { json: true, quiet: false })
  const context = { root: '', version: 'test', labFolder, output, terminal, interrupted: AbortSignal.abort() }
  const said = async () => {
    terminal.stderr.end()
    return text(terminal.stderr)
  }
  return { context, said }
}

test('a run that has ended before it could be paused is shown as it ended', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const experiment = await ringsExperiment(client, folder)
  const { host, experiments } = client
  async function pause({ runId }: { runId: number }) {
    await waitForStatus(client, runId, 'done')
    return client.runs.pause({ runId })
  }
  const late = { host, experiments, runs: { get: client.runs.get, pause } } as unknown as ContractClient
  const { context, said } = interruptedContext(folder)
  const start = async () => (await startRuns(client, experiment, 3))[0]!
  const connection = { client: late, isJoined: true, close: () => Promise.resolve() }
  expect(await followRun(connection, start, context)).toBe(0)
  expect(await said()).toBe('')
})

test('a sweep that has ended before it could be paused is shown as it ended', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const experiment = await ringsExperiment(client, folder)
  async function pause({ sweepId }: { sweepId: number }) {
    await waitForSweep(client, sweepId, ({ status }) => status === 'done')
    return client.sweeps.pause({ sweepId })
  }
  const late = { host: client.host, sweeps: { get: client.sweeps.get, pause } } as unknown as ContractClient
  const { context, said } = interruptedContext(folder)
  const start = () => client.sweeps.start(sweepOf(experiment, ['2', '4'], { epochs: 3 }))
  const connection = { client: late, isJoined: true, close: () => Promise.resolve() }
  expect(await followSweep(connection, start, context, () => Promise.resolve())).toBe(0)
  expect(await said()).toBe('')
})
