/** Queries of choices: added, never changed; the newest of an experiment counts. */
import type { Database } from 'better-sqlite3'
import { hiddenLayers, type Topology } from '#engine/network/topology.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import type { Choice } from '#contract/choice.ts'
import { trialKeys } from '#trials/trial-keys.ts'

/** What is chosen: it names the point of the complexity curve, also when its run is gone. */
interface ChosenTrial {
  readonly topology: Topology
  readonly plan: TrainingPlan
}

/** A choice as it is made. */
export interface NewChoice extends Omit<Choice, 'openingsBefore' | 'key' | 'hidden'> {
  readonly trial: ChosenTrial
}

export interface ChoiceQueries {
  add(experimentId: number, choice: NewChoice): void
  /** The newest first. */
  ofExperiment(experimentId: number): Choice[]
}

interface ChoiceRow {
  readonly run_id: number | null
  /** What the topology was called. */
  readonly topology: string
  readonly trial: string | null
  readonly rule: Choice['rule']
  readonly suggestion: string
  readonly reason: string
  readonly at: number
  readonly openings_before: number
}

/** Prepares the queries of choices. */
export function choiceQueries(db: Database): ChoiceQueries {
  const add = db.prepare(
    'INSERT INTO choices (experiment_id, run_id, topology, trial, rule, suggestion, reason, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'
  )
  const ofExperiment = db.prepare<[number], ChoiceRow>(
    `SELECT c.*, (SELECT count(*) FROM openings o WHERE o.experiment_id = c.experiment_id AND o.at <= c.at)
       AS openings_before
     FROM choices c WHERE experiment_id = ? ORDER BY id DESC`
  )
  return {
    add(experimentId, { runId, name, trial, rule, suggestion, reason, at }) {
      add.run(experimentId, runId, name, JSON.stringify(trial), rule, JSON.stringify(suggestion), reason, at)
    },
    ofExperiment: (experimentId) =>
      ofExperiment.all(experimentId).map((row) => ({
        runId: row.run_id,
        ...chosenOf(row.trial),
        name: row.topology,
        rule: row.rule,
        suggestion: JSON.parse(row.suggestion) as Choice['suggestion'],
        reason: row.reason,
        at: row.at,
        openingsBefore: row.openings_before
      }))
  }
}

function chosenOf(text: string | null): Pick<Choice, 'key' | 'hidden'> {
  if (text === null) return { key: null, hidden: null }
  const trial = JSON.parse(text) as ChosenTrial
  return { key: trialKeys(trial).key, hidden: [...hiddenLayers(trial.topology)] }
}
