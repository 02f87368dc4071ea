/** `lab learning-curve EXPERIMENT`: trains one topology on nested shares of the training rows, and tells what would help. */
import type { ActivationName } from '#engine/network/activations.ts'
import type { LayerTemplate } from '#engine/network/topology-text.ts'
import type { LearningCurve, LearningCurves } from '#contract/selection.ts'
import type { Sweep } from '#contract/sweeps.ts'
import { followSweep } from '#lab/cli/commands/sweep.ts'
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { chooseExperiment } from '#lab/cli/find.ts'
import { learningDocument } from '#lab/documents/documents.ts'
import type { PlanOptions } from '#lab/cli/plan-settings.ts'
import { formatTable } from '#lab/cli/table.ts'
import { hiddenFor, planFor } from '#lab/cli/train-settings.ts'
import { errorWriter } from '#words/errors.ts'
import { formatCount } from '#words/numbers.ts'
import { nameTopology } from '#words/topologies.ts'

export interface LearningCurveOptions extends PlanOptions {
  /** What to train; left out, what is there is shown. */
  readonly hidden?: readonly LayerTemplate[]
  /** Of hidden layers that name none. */
  readonly activation: ActivationName
  readonly shares: readonly number[]
  readonly seeds: number
}

/** Trains the shares where hidden layers are given, and prints the curves. */
export function runLearningCurve(context: CliContext, text: string, options: LearningCurveOptions): Promise<ExitCode> {
  const { hidden, activation, shares, seeds } = options
  return withLab(context, hidden ? 'train' : 'read', async (connection) => {
    const { client } = connection
    const experiment = chooseExperiment(await client.experiments.list(), text)
    const { id: experimentId } = experiment
    const layers = hidden && hiddenFor(experiment, { hidden, activation })
    const show = async () => {
      const curves = await client.selection.learningCurves({ experimentId, hidden: layers })
      context.output.result(learningDocument(curves), () => describe(curves))
    }
    if (!layers) {
      await show()
      return exitCodes.done
    }
    const start = (): Promise<Sweep> =>
      client.sweeps.start({
        experimentId,
        space: { layers: [layers] },
        plan: planFor(experiment, options),
        seeds: Array.from({ length: seeds }, (_, index) => index + 1),
        shares: [...shares],
        baseline: false
      })
    return followSweep(connection, start, context, show)
  })
}

function describe({ curves, measure }: LearningCurves): string {
  if (curves.length === 0)
    return 'No run of this experiment was trained on a share of the rows; name what to train with --hidden.'
  return `${measure.label}, medians over seeds\n\n${curves.map((curve) => describeCurve(curve, errorWriter(measure.name))).join('\n\n')}`
}

function describeCurve({ points, advice, ...named }: LearningCurve, write: (error: number) => string): string {
  const table = formatTable(points, [
    { title: 'training rows', text: ({ rows }) => formatCount(rows), right: true },
    { title: 'seeds', text: ({ seeds }) => String(seeds), right: true },
    { title: 'training', text: ({ train }) => write(train.median), right: true },
    { title: 'validation', text: ({ validation }) => write(validation.median), right: true },
    { title: 'quartiles', text: ({ validation: { q1, q3 } }) => `${write(q1)} to ${write(q3)}` },
    { title: '', text: ({ unfinished }) => (unfinished > 0 ? `${unfinished} unfinished` : '') }
  ])
  return `${nameTopology({ ...named, constant: null })}\n${table}\n${advice.reason}`
}
