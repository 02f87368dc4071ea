/** Queries of choices: added, never changed; the newest of an experiment counts. */
import type { Database } from 'better-sqlite3'
import type { Choice } from '#contract/choice.ts'

export interface ChoiceQueries {
  add(experimentId: number, choice: Omit<Choice, 'openingsBefore'>): void
  /** The newest first. */
  ofExperiment(experimentId: number): Choice[]
}

interface ChoiceRow {
  readonly run_id: number | null
  readonly topology: string
  readonly rule: Choice['rule']
  readonly suggestion: string
  readonly reason: string
  readonly at: number
  readonly openings_before: number
}

/** Prepares the queries of choices. */
export function choiceQueries(db: Database): ChoiceQueries {
  const add = db.prepare(
    'INSERT INTO choices (experiment_id, run_id, topology, rule, suggestion, reason, at) VALUES (?, ?, ?, ?, ?, ?, ?)'
  )
  const ofExperiment = db.prepare<[number], ChoiceRow>(
    `SELECT c.*, (SELECT count(*) FROM openings o WHERE o.experiment_id = c.experiment_id AND o.at <= c.at)
       AS openings_before
     FROM choices c WHERE experiment_id = ? ORDER BY id DESC`
  )
  return {
    add(experimentId, { runId, topology, rule, suggestion, reason, at }) {
      add.run(experimentId, runId, topology, rule, JSON.stringify(suggestion), reason, at)
    },
    ofExperiment: (experimentId) =>
      ofExperiment.all(experimentId).map((row) => ({
        runId: row.run_id,
        topology: row.topology,
        rule: row.rule,
        suggestion: JSON.parse(row.suggestion) as Choice['suggestion'],
        reason: row.reason,
        at: row.at,
        openingsBefore: row.openings_before
      }))
  }
}
