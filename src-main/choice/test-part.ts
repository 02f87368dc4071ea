/**
 * The sealed test part: the one place that measures it. An opening is stored before its figure leaves here, so that
 * nobody sees a test figure that was not counted.
 */
import type { Opening } from '#contract/runs.ts'
import { LabError } from '#contract/errors.ts'
import { outputLayer } from '#engine/network/topology.ts'
import type { PartMetrics } from '#engine/training/metrics.ts'
import type { EngineHost } from '#lab/engine/host.ts'
import type { Announcer } from '#lab/runs/announcer.ts'
import type { ChoiceService } from '#lab/choice/choice.ts'
import { judgeOpening } from '#lab/choice/expectation.ts'
import type { Experiments } from '#lab/experiments/experiments.ts'
import type { PreparedTables } from '#lab/experiments/prepared-tables.ts'
import { readTargets } from '#lab/experiments/part-targets.ts'
import { metricsOfOutputs } from '#lab/runs/measure-outputs.ts'
import { predictorOf, predictWith } from '#lab/runs/predictor.ts'
import { finiteMetrics } from '#lab/runs/progress.ts'
import type { Events } from '#lab/streams/events.ts'
import type { StoredOpening } from '#lab/store/openings.ts'
import type { Store } from '#lab/store/store.ts'
import { errorOf } from '#trials/measure.ts'

export interface OpenedTest {
  readonly test: PartMetrics
  readonly opening: Opening
}

export interface TestPartOptions {
  readonly store: Store
  readonly experiments: Experiments
  readonly prepared: PreparedTables
  readonly engine: EngineHost
  readonly announcer: Announcer
  readonly events: Events
  /** What the test part should show for the run. */
  readonly choice: Pick<ChoiceService, 'expectation'>
}

/**
 * Measures a finished run on the test part with the weights of its best epoch, and records the opening with what was
 * expected of it before.
 * Errors: LabError 'not_found' for an unknown run, 'conflict' for one that is not finished, has no weights, is of a fold,
 * or whose experiment has no test part; also where an agent opens it without a person's leave.
 */
export async function openTestPart(
  options: TestPartOptions,
  runId: number,
  by: 'person' | 'agent' = 'person'
): Promise<OpenedTest> {
  const { store, experiments, prepared, engine, announcer, events } = options
  const run = store.runs.find(runId)
  if (by === 'agent' && !store.testConsents.has(runId)) throw withoutLeave(runId)
  if (!['done', 'stopped', 'diverged'].includes(run.status)) {
    throw new LabError('conflict', `Run ${runId} is ${run.status}: the test part is opened for a finished run only.`)
  }
  if (run.data.kind === 'fold') {
    const { index, of } = run.data
    throw new LabError(
      'conflict',
      `Run ${runId} is fold ${index} of ${of}: folds choose a topology and are no model to be tested. Choose it, train the ` +
        'final model, and open the test part for that.'
    )
  }
  const weights = store.checkpoints.weights(runId, 'best')
  if (!weights) throw new LabError('conflict', `Run ${runId} has no weights: it has not completed an epoch.`)
  const experiment = experiments.find(run.experimentId)
  if (experiment.rowCounts.test === 0) {
    throw new LabError('conflict', `The split of ${experiment.name} keeps no rows for testing.`)
  }
  const expectation = await options.choice.expectation(runId)
  const { parameters } = weights
  const measured = await prepared.withTestPart(experiment, async (dataset, part) => {
    if (!run.ensemble) return engine.evaluate({ topology: run.topology, plan: run.plan, parameters, dataset, part })
    const { task, classes, targetScale } = dataset
    const [outputs, targets] = await Promise.all([
      predictWith(engine, predictorOf(run, parameters, targetScale), part),
      readTargets(part, dataset.inputs)
    ])
    const units = outputLayer(run.topology).units
    return metricsOfOutputs({ task, classes, units, outputs, targets, deviation: targetScale.deviation })
  })
  // Its figure would be of other weights than the run has by then, and would be known while it trains on.
  if (store.runs.get(runId)?.endedAt !== run.endedAt) {
    throw new LabError('conflict', `Run ${runId} went on or was removed meanwhile; nothing was opened.`)
  }
  const test = finiteMetrics(measured)
  if (!test) throw new LabError('engine', `The network of run ${runId} gives no finite loss on the test part.`)
  const opening = store.transaction(() => {
    // The leave may have been taken back, or used up by another agent, while the part was measured.
    if (by === 'agent' && !store.testConsents.take(runId)) throw withoutLeave(runId)
    return store.openings.add({
      experimentId: run.experimentId,
      runId,
      test,
      expectation: expectation && judgeOpening(expectation, errorOf(test)),
      at: Date.now()
    })
  })
  announcer.now(runId)
  events.publish({ type: 'experiments' })
  return toOpenedTest(opening)
}

function withoutLeave(runId: number): LabError {
  return new LabError(
    'conflict',
    `The test part is sealed. A person may open it for run ${runId} in the lab, or let an agent do so there, once: under ` +
      `Choose, or with: lab test ${runId} --let-agent`
  )
}

/** Gives a stored opening the form of the contract. */
export function toOpenedTest({ test, at, count, expectation }: StoredOpening): OpenedTest {
  return { test, opening: { at, count, expectation } }
}
