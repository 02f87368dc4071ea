/** Follows a run to its end, with a progress line, and prints it as `train` and `resume` do. */
import { LabError } from '#contract/errors.ts'
import type { Run, RunStatus } from '#contract/runs.ts'
import type { LabConnection } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { runDocument } from '#lab/documents/documents.ts'
import { describeRun } from '#lab/cli/describe-run.ts'
import { isGoing } from '#trials/run-status.ts'
import { formatFigure } from '#words/numbers.ts'
import { formatSeconds } from '#words/times.ts'

const endings: Record<RunStatus, ExitCode | null> = {
  queued: null,
  running: null,
  paused: null,
  interrupted: exitCodes.interrupted,
  done: exitCodes.done,
  stopped: exitCodes.done,
  diverged: exitCodes.failed,
  failed: exitCodes.failed
}

/**
 * Starts a run and stays with it until it ends or the person interrupts; prints it; gives the exit code.
 * Interrupted, the run keeps its last state: paused in the lab's owner, or checkpointed as the lab closes.
 */
export async function followRun(
  { client, isJoined }: LabConnection,
  start: () => Promise<Run>,
  context: CliContext
): Promise<ExitCode> {
  const { output, interrupted } = context
  const events = await client.host.events()
  // Asked for before the run starts, so that the stream is attached and no change of the run is missed.
  let next = events.next()
  const wasInterrupted = new Promise<null>((resolve) => {
    if (interrupted.aborted) resolve(null)
    else interrupted.addEventListener('abort', () => resolve(null), { once: true })
  })
  try {
    let run = await start()
    while (endings[run.status] === null) {
      showProgress(run, context)
      const item = await Promise.race([next, wasInterrupted])
      if (item === null) {
        run = await leave(run)
        if (endings[run.status] !== null) continue
        output.fail(`Run ${run.id} was interrupted; go on with: lab resume ${run.id}`)
        return exitCodes.interrupted
      }
      if (item.done) throw new LabError('lab_busy', `The lab was closed; go on later with: lab resume ${run.id}`)
      if (item.value.type === 'run' && item.value.run.id === run.id) run = item.value.run
      next = events.next()
    }
    const experiment = await client.experiments.get({ experimentId: run.experimentId })
    output.result(runDocument(run, experiment), () => describeRun(run, experiment))
    const code = endings[run.status] ?? exitCodes.failed
    if (code !== exitCodes.done) output.fail(run.message ?? `Run ${run.id} is ${run.status}.`)
    return code
  } finally {
    // The pending read ends with the stream; nobody is interested in how.
    void next.catch(() => undefined)
    await events.return()
  }

  /** Gives the run as it is left: where its end, or somebody else's pause, was faster than this one, as that left it. */
  async function leave(run: Run): Promise<Run> {
    if (!isJoined) return run
    const { id: runId } = run
    return client.runs.pause({ runId }).catch(async (error: unknown) => {
      const now = await client.runs.get({ runId })
      if (isGoing(now)) throw error
      return now
    })
  }
}

function showProgress(run: Run, { output }: CliContext): void {
  const planned = run.plan.stopping.epochs
  const figures = [
    `epoch ${run.epochs}/${planned}`,
    `training loss ${formatFigure(run.train?.loss)}`,
    `validation loss ${formatFigure(run.validation?.loss)}`,
    run.etaSeconds === null ? '' : `${formatSeconds(run.etaSeconds)} left`
  ]
  output.progress(run.epochs / planned, `Run ${run.id} ${run.status}  ${figures.filter(Boolean).join('  ')}`)
}
