/** `lab train-on EXPERIMENT`: lets what was still learning at its last epoch go on, and shows the curve anew. */
import type { ContractClient } from '#contract/contract.ts'
import { LabError } from '#contract/errors.ts'
import { type LabConnection, withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { type ComplexityOptions, judgedComplexity } from '#lab/cli/commands/complexity.ts'
import { describeComplexity } from '#lab/cli/describe-complexity.ts'
import { complexityDocument } from '#lab/documents/documents.ts'
import { chooseExperiment } from '#lab/cli/find.ts'
import { isActive } from '#trials/run-status.ts'
import { formatCount } from '#words/numbers.ts'

export interface TrainOnOptions extends Pick<ComplexityOptions, 'folds'> {
  /** Times as many epochs, at most. */
  readonly times: number
}

/** Trains on to the end, and prints what `complexity` prints, with the runs that went on. */
export function runTrainOn(context: CliContext, text: string, { folds, times }: TrainOnOptions): Promise<ExitCode> {
  return withLab(context, 'train', async (connection) => {
    const { client } = connection
    const { id: experimentId } = chooseExperiment(await client.experiments.list(), text)
    const { folds: judged } = await judgedComplexity(client, { experimentId, folds })
    const isDone = await follow(connection, { experimentId, folds: judged, times }, context)
    if (!isDone) return exitCodes.interrupted
    const complexity = await judgedComplexity(client, { experimentId, folds: judged })
    context.output.result(complexityDocument(complexity), () => describeComplexity(complexity))
    return exitCodes.done
  })
}

/** Starts, and waits for the end of all runs; false where the person interrupted it. */
async function follow(
  { client }: Pick<LabConnection, 'client'>,
  question: Parameters<ContractClient['sweeps']['trainOn']>[0],
  { output, interrupted }: CliContext
): Promise<boolean> {
  const listening = new AbortController()
  const events = await client.host.events(undefined, { signal: listening.signal })
  let next = events.next()
  const wasInterrupted = new Promise<null>((resolve) => {
    if (interrupted.aborted) resolve(null)
    else interrupted.addEventListener('abort', () => resolve(null), { once: true })
  })
  try {
    const { runIds, sweepIds } = await client.sweeps.trainOn(question)
    const left = new Set(runIds)
    while (left.size > 0) {
      const ended = runIds.length - left.size
      output.progress(ended / runIds.length, `${formatCount(ended)} of ${formatCount(runIds.length)} runs trained on`)
      const item = await Promise.race([next, wasInterrupted])
      if (item === null) {
        const ways = sweepIds.map((id) => `lab continue ${id}`)
        output.fail(`Training on was interrupted; go on with: ${ways.length > 0 ? ways.join(', ') : 'lab resume RUN'}`)
        return false
      }
      if (item.done) throw new LabError('lab_busy', 'The lab was closed while it trained on.')
      if (item.value.type === 'run' && !isActive(item.value.run)) left.delete(item.value.run.id)
      next = events.next()
    }
    return true
  } finally {
    // The pending read ends with the stream; nobody is interested in how.
    void next.catch(() => undefined)
    listening.abort()
  }
}
