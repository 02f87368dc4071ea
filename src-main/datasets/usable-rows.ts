/** Which rows of a table a question can use. */
import type { ExperimentSettings } from '#contract/experiments.ts'
import * as sql from '#lab/datasets/sql.ts'

/** SQL of whether a row may be in a part: it has a target and, where rows with missing inputs are dropped, all of those. */
export function isUsable({ target, columns, preparation }: ExperimentSettings): string {
  const inputs = preparation.missing === 'drop' ? columns.filter(({ role }) => role === 'input') : []
  return [target, ...inputs.map(({ name }) => name)].map((name) => `${sql.name(name)} IS NOT NULL`).join(' AND ')
}
