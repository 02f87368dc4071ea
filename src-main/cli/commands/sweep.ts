/** `lab sweep DATASET|FILE` and `lab continue SWEEP`: many topologies with the same seeds, and what they showed. */
import type { ContractClient } from '#contract/contract.ts'
import type { Experiment } from '#contract/experiments.ts'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Complexity } from '#contract/selection.ts'
import type { Sweep, SweepForecast } from '#contract/sweeps.ts'
import { toLabError } from '#contract/client-errors.ts'
import { LabError } from '#contract/errors.ts'
import { type LabConnection, withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { describeComplexity } from '#lab/cli/describe-complexity.ts'
import { settledComplexity } from '#lab/cli/commands/complexity.ts'
import { complexityDocument, sweepDocument } from '#lab/documents/documents.ts'
import { orUndo, questionFor } from '#lab/cli/question.ts'
import { defaultFolds, type SweepOptions, sweepSettingsFor } from '#lab/cli/sweep-settings.ts'
import { slurmScript } from '#lab/cli/slurm-script.ts'
import { formatFacts } from '#lab/cli/table.ts'
import { whyFolds } from '#words/folds.ts'
import { formatCount, formatNumbered, formatShare } from '#words/numbers.ts'
import { formatSeconds } from '#words/times.ts'

/** Plans, says what it will take, runs to the end, and prints the curve with the suggestion. */
export function runSweep(context: CliContext, argument: string, options: SweepOptions): Promise<ExitCode> {
  if (options.to !== undefined) return shareSweep(context, argument, options, options.to)
  return withLab(context, 'train', (connection) => {
    const { client } = connection
    const start = () =>
      orUndo(async (undo) => {
        const { experiment, warnings } = await questionFor(client, argument, options, context, undo)
        const { settings, forecast, told } = await plannedSweep(client, experiment, options)
        const sweep = await client.sweeps.start(settings)
        // Not before: a command that fails says one sentence, the one why.
        const trains = settings.workers === undefined ? [] : [`Workers train it: lab work ${settings.workers}`]
        for (const line of [...warnings, ...told, forecastSentence(forecast), ...trains]) context.output.say(line)
        return sweep
      })
    return followSweep(connection, start, context, showComplexity(connection, context))
  })
}

/** Plans, and writes what is to be trained into a folder for workers elsewhere; nothing trains here. */
function shareSweep(context: CliContext, argument: string, options: SweepOptions, to: string): Promise<ExitCode> {
  return withLab(context, 'write', ({ client }) =>
    orUndo(async (undo) => {
      const folder = resolve(to)
      const { experiment, warnings } = await questionFor(client, argument, options, context, undo)
      const { settings, forecast, told } = await plannedSweep(client, experiment, options)
      const { id: sweepId } = await client.sweeps.plan(settings)
      undo(() => client.sweeps.stop({ sweepId }))
      const shared = await client.sweeps.share({ sweepId, folder })
      const script = options.slurm ? join(folder, 'slurm.sh') : null
      if (script !== null) await writeFile(script, slurmScript(context.root, folder, shared.units), { mode: 0o755 })
      for (const line of [...warnings, ...told, forecastSentence(forecast)]) context.output.say(line)
      context.output.result({ shared: { ...shared, script } }, () =>
        formatFacts([
          ['sweep', `${sweepId}, ${formatNumbered(shared.units, 'run')} in ${folder}`],
          ['train with', script === null ? `lab work ${to}` : `sbatch ${script}`],
          ['then', `lab gather ${to}`]
        ])
      )
      return exitCodes.done
    })
  )
}

export interface ContinueOptions {
  readonly failed?: boolean
}

/** Goes on with a sweep that was paused or interrupted, such as by a crash. */
export function runContinue(context: CliContext, sweepId: number, { failed }: ContinueOptions): Promise<ExitCode> {
  return withLab(context, 'train', (connection) =>
    followSweep(
      connection,
      () => (failed ? connection.client.sweeps.retry({ sweepId }) : connection.client.sweeps.resume({ sweepId })),
      context,
      showComplexity(connection, context)
    )
  )
}

/** What is swept, with what it takes and, where folds judge by default, why. */
async function plannedSweep(client: ContractClient, experiment: Experiment, options: SweepOptions) {
  const settings = sweepSettingsFor(experiment, options)
  const folds = defaultFolds(experiment, options)
  try {
    const forecast = await client.sweeps.forecast(settings)
    return { settings, forecast, told: folds === null ? [] : [`${whyFolds(experiment.rows, folds)} (--folds none)`] }
  } catch (error) {
    if (folds === null || toLabError(error).details.field !== 'folds') throw error
    // A class of fewer rows than folds: what nobody asked for is no reason to refuse.
    const onePart = sweepSettingsFor(experiment, { ...options, folds: 'none' })
    return { settings: onePart, forecast: await client.sweeps.forecast(onePart), told: [] }
  }
}

function forecastSentence({ points, runs, leftOut, seconds, basis }: SweepForecast): string {
  const rest = leftOut > 0 ? ` (the budget leaves out ${leftOut} more)` : ''
  const how = basis === 'measured' ? 'as fast as earlier runs' : 'a guess before anything was measured'
  const time = `${formatSeconds(seconds.low)} to ${formatSeconds(seconds.high)}`
  return `${points} topologies and settings${rest}, ${runs} runs, about ${time}: ${how}.`
}

/** Starts a sweep, follows it to its end, and shows what came of it. */
export async function followSweep(
  { client, isJoined }: LabConnection,
  start: () => Promise<Sweep>,
  context: CliContext,
  show: (sweep: Sweep) => Promise<void>
): Promise<ExitCode> {
  const { output, interrupted } = context
  const listening = new AbortController()
  const events = await client.host.events(undefined, { signal: listening.signal })
  // Asked for before the sweep starts, so that no change of it is missed.
  let next = events.next()
  const wasInterrupted = new Promise<null>((resolve) => {
    if (interrupted.aborted) resolve(null)
    else interrupted.addEventListener('abort', () => resolve(null), { once: true })
  })
  try {
    let sweep = await start()
    while (sweep.status === 'running') {
      showProgress(sweep, context)
      const item = await Promise.race([next, wasInterrupted])
      if (item === null) {
        sweep = await leave(sweep)
        if (sweep.status === 'done' || sweep.status === 'stopped') break
        output.fail(`Sweep ${sweep.id} was interrupted; go on with: lab continue ${sweep.id}`)
        return exitCodes.interrupted
      }
      if (item.done) throw new LabError('lab_busy', `The lab was closed; go on later with: lab continue ${sweep.id}`)
      if (item.value.type === 'sweep' && item.value.sweep.id === sweep.id) sweep = item.value.sweep
      next = events.next()
    }
    return await finish(sweep)
  } finally {
    // The pending read ends with the stream; nobody is interested in how.
    void next.catch(() => undefined)
    listening.abort()
  }

  /** Gives the sweep as it is left: where its end, or somebody else's pause, was faster than this one, as that left it. */
  async function leave(sweep: Sweep): Promise<Sweep> {
    if (!isJoined) return sweep
    const { id: sweepId } = sweep
    return client.sweeps.pause({ sweepId }).catch(async (error: unknown) => {
      const now = await client.sweeps.get({ sweepId })
      if (now.status === 'running') throw error
      return now
    })
  }

  async function finish(sweep: Sweep): Promise<ExitCode> {
    await show(sweep)
    if (sweep.status === 'done' || sweep.settings.budget.minutes !== null) return exitCodes.done
    output.fail(sweep.message ?? `Sweep ${sweep.id} is ${sweep.status}.`)
    return exitCodes.failed
  }
}

function showComplexity({ client }: LabConnection, { output }: CliContext) {
  return async (sweep: Sweep): Promise<void> => {
    const { experimentId } = sweep
    const { folds } = sweep.settings
    const complexity = await settledComplexity(client, { experimentId, folds })
    const { name } = await client.experiments.get({ experimentId })
    output.result({ sweep: sweepDocument(sweep, name), complexity: complexityDocument(complexity) }, () =>
      describe(sweep, name, complexity)
    )
  }
}

function describe(sweep: Sweep, experiment: string, complexity: Complexity): string {
  const { runs, cost } = sweep
  const facts = formatFacts([
    ['sweep', `${sweep.id} (${sweep.status})`],
    ['experiment', experiment],
    ['runs', `${runs.done} finished, ${runs.stopped} stopped early, ${runs.failed} diverged or failed`],
    ['time', formatSeconds(sweep.elapsedSeconds)],
    [
      'cost',
      cost && `${formatSeconds(cost.seconds)} of training, ${formatShare(cost.lostShare)} of it on topologies that lost`
    ]
  ])
  return `${facts}\n\n${describeComplexity(complexity)}`
}

function showProgress({ id, runs, planned, rung, etaSeconds }: Sweep, { output }: CliContext): void {
  const ended = planned - runs.waiting - runs.running
  const figures = [
    `Sweep ${id}  ${formatCount(ended)} of ${formatCount(planned)} runs`,
    rung ? `rung ${rung.number} of ${rung.of}` : '',
    etaSeconds === null ? '' : `${formatSeconds(etaSeconds)} left`
  ]
  output.progress(ended / planned, figures.filter(Boolean).join('  '))
}
