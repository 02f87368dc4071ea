/** The choice of an experiment: which topology and why, the final model, and what the test part should show for it. */
import { hiddenLayers } from '#engine/network/topology.ts'
import type { Candidate, Choice, ChoiceState } from '#contract/choice.ts'
import { LabError } from '#contract/errors.ts'
import type { Expectation, Run, RunData } from '#contract/runs.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import type { Events } from '#lab/streams/events.ts'
import { candidatesOf } from '#lab/choice/candidates.ts'
import { expectTest } from '#lab/choice/expectation.ts'
import { rowErrors } from '#lab/insight/diagnostics/row-errors.ts'
import type { ReadRunOutputs } from '#lab/insight/diagnostics/run-outputs.ts'
import type { Experiments } from '#lab/experiments/experiments.ts'
import type { Runs } from '#lab/runs/runs.ts'
import { seenBy } from '#lab/experiments/run-view.ts'
import type { FoldCount } from '#lab/selection/evidence.ts'
import type { Selection } from '#lab/selection/selection.ts'
import type { StoredRun } from '#lab/store/runs.ts'
import type { Store } from '#lab/store/store.ts'
import { hasFailed } from '#trials/run-status.ts'
import { nameTopology } from '#words/topologies.ts'

export interface ChoiceService {
  /** With the candidates of the one validation part, or of so many folds. */
  get(experimentId: number, folds: FoldCount): Promise<ChoiceState>
  make(experimentId: number, runId: number, reason: string): Promise<ChoiceState>
  trainFinal(experimentId: number): Promise<Run>
  expectation(runId: number): Promise<Expectation | null>
}

export interface ChoiceOptions {
  readonly store: Store
  readonly experiments: Experiments
  readonly runs: Pick<Runs, 'start'>
  readonly selection: Selection
  readonly outputs: ReadRunOutputs
  readonly events: Events
}

/** Why a run that is no candidate is none. */
const whyNoCandidate: Record<RunData['kind'], string> = {
  whole: 'has no validation result',
  share: 'was trained on a share of the rows, for a learning curve',
  fold: 'is of a topology that has not ended on all folds with this seed',
  final: 'is a final model already'
}

const whyNotSource = {
  onnx: 'was taken over from a file and is no trial of its plan here',
  ensemble: 'averages others: choose one of its members'
} as const

/**
 * Creates the service.
 * Errors: LabError 'not_found' for unknown ids, 'conflict' for what the runs do not allow, 'bad_settings' with the field
 * where the reason is missing.
 */
export function createChoice({ store, experiments, runs, selection, outputs, events }: ChoiceOptions): ChoiceService {
  const complexityOf = (experimentId: number, folds: FoldCount) =>
    selection.complexity({ experimentId, axis: 'parameters', measure: 'error', folds })

  async function get(experimentId: number, folds: FoldCount): Promise<ChoiceState> {
    const complexity = await complexityOf(experimentId, folds)
    const choices = store.choices.ofExperiment(experimentId)
    const { suggested, decided, reason, tried, luck, measure } = complexity
    const point = complexity.points.find(({ key }) => key === suggested)
    return {
      measure: measure.label,
      folds,
      foldCounts: complexity.foldCounts,
      candidates: candidatesOf(complexity),
      suggestion: { key: suggested, name: point ? nameTopology(point) : null, decided, reason },
      help: complexity.help?.sentence ?? null,
      tried,
      luck,
      choices,
      finalRunId: finalOf(store, experimentId, choices[0])?.id ?? null,
      openings: store.openings.ofExperiment(experimentId)
    }
  }

  return {
    get,

    async make(experimentId, runId, givenReason) {
      const run = store.runs.find(runId)
      const { name } = experiments.find(experimentId)
      if (run.experimentId !== experimentId) {
        throw new LabError('conflict', `Run ${runId} belongs to another experiment than ${name}.`)
      }
      const folds = foldsOf(run.data)
      const { candidates, suggestion } = await get(experimentId, folds)
      const candidate = candidates.find(({ runs }) => runs.some((member) => member.runId === runId))
      if (!candidate) {
        const why = run.source === undefined ? whyNoCandidate[run.data.kind] : whyNotSource[run.source]
        throw new LabError('conflict', `Run ${runId} ${why}; choose one that has trained to its end and was validated.`)
      }
      const reason = expectReason(givenReason, candidate, suggestion)
      store.choices.add(experimentId, {
        runId,
        name: nameTopology({ ...candidate, constant: null }),
        trial: { topology: run.topology, plan: run.plan },
        rule: candidate.suggested ? 'suggested' : 'own',
        suggestion,
        reason,
        at: Date.now()
      })
      events.publish({ type: 'experiments' })
      return get(experimentId, folds)
    },

    async trainFinal(experimentId) {
      const [choice] = store.choices.ofExperiment(experimentId)
      if (!choice || choice.runId === null) {
        throw new LabError('conflict', 'No run is chosen yet: choose one, then train the final model from it.')
      }
      const chosen = store.runs.find(choice.runId)
      const candidates = candidatesOf(await complexityOf(experimentId, foldsOf(chosen.data)))
      // In the turn of the start, so that two who ask at once do not both find none.
      const final = finalOf(store, experimentId, choice)
      if (final && !hasFailed(final)) {
        throw new LabError('conflict', `Run ${final.id} is the final model already; delete it to train another one.`)
      }
      const candidate = candidates.find(({ runs }) => runs.some(({ runId }) => runId === chosen.id))
      const epochs = candidate?.finalEpochs ?? chosen.bestEpoch ?? chosen.plan.stopping.epochs
      const [started] = runs.start({
        experimentId,
        hidden: hiddenLayers(chosen.topology),
        plan: finalPlan(chosen.plan, epochs),
        seeds: [chosen.seed],
        parentId: chosen.id,
        note: `Final model of ${choice.name}: training and validation part together.`,
        data: { kind: 'final' }
      })
      if (!started) throw new LabError('internal', 'The lab started no run.')
      return started
    },

    async expectation(runId) {
      const run = store.runs.find(runId)
      const isFinal = run.data.kind === 'final'
      const judged = isFinal ? (run.parentId === null ? null : store.runs.get(run.parentId)) : run
      if (!judged) return null
      const experiment = experiments.find(run.experimentId)
      const { test } = experiment.rowCounts
      const { validation } = seenBy(store, experiment, judged.data).rowCounts
      if (!judged.validation || validation === 0 || test === 0) return null
      const complexity = await complexityOf(run.experimentId, foldsOf(judged.data))
      const candidates = candidatesOf(complexity)
      const errors = await judgingErrors(outputs, judged, candidates)
      if (errors === null || !errors.every(Number.isFinite)) return null
      const { task } = experiment.settings
      const { luck } = complexity
      const optimism = isHandPicked(judged.id, candidates) ? luck.single : luck.mean
      return expectTest({ runId: judged.id, task, rowErrors: errors, optimism, testRows: test })
    }
  }
}

/** The final model of a choice: the newest that was made from the chosen run. */
function finalOf(store: Store, experimentId: number, choice: Choice | undefined): StoredRun | null {
  if (!choice || choice.runId === null) return null
  const finals = store.runs.finalsOf(experimentId)
  return finals.find(({ parentId }) => parentId === choice.runId) ?? null
}

/** The errors on the rows that judged a run: of the validation part, or of all folds, each by the run of its fold. */
async function judgingErrors(
  outputs: ReadRunOutputs,
  run: StoredRun,
  candidates: readonly Candidate[]
): Promise<number[] | null> {
  if (run.data.kind !== 'fold') return rowErrors(await outputs(run.id, 'validation'))
  const candidate = candidates.find(({ runs }) => runs.some(({ runId }) => runId === run.id))
  const alike = candidate?.runs.filter(({ seed }) => seed === run.seed)
  if (!alike) return null
  const errors: number[] = []
  for (const { runId } of alike) errors.push(...rowErrors(await outputs(runId, 'validation')))
  return errors
}

/** Errors: LabError 'bad_settings' where there is no reason for another candidate than the suggested one. */
function expectReason(given: string, candidate: Candidate, suggestion: ChoiceState['suggestion']): string {
  const reason = given.trim()
  if (candidate.suggested || reason !== '') return reason
  const name = nameTopology({ ...candidate, constant: null })
  throw new LabError(
    'bad_settings',
    suggestion.name === null
      ? `Give a reason why ${name} is chosen: none is suggested, because no signal was found.`
      : `Give a reason why ${name} is chosen and not ${suggestion.name}, which is suggested.`,
    { field: 'reason' }
  )
}

/** Whether a run does better than the one that stands for its topology: who takes it takes its own luck with it. */
function isHandPicked(runId: number, candidates: readonly Candidate[]): boolean {
  const candidate = candidates.find(({ runs }) => runs.some((run) => run.runId === runId))
  const errorOf = (id: number | undefined) => candidate?.runs.find((run) => run.runId === id)?.validation ?? NaN
  return errorOf(runId) < errorOf(candidate?.runId)
}

/** How many folds judged a run; null for the one validation part. */
function foldsOf(data: RunData): FoldCount {
  return data.kind === 'fold' ? data.of : null
}

/** The plan with so many epochs, and nothing that would end it by figures that there are none of. */
function finalPlan(plan: TrainingPlan, epochs: number): TrainingPlan {
  return { ...plan, stopping: { epochs, patience: null } }
}
