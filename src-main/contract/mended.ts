/** Settings with a mend applied to them: the same in window and terminal. */
import type { ExperimentSettings, Mend } from '#contract/experiments.ts'

/** Gives the settings with the changes of a mend in place. */
export function mended(settings: ExperimentSettings, { columns, split }: Mend): ExperimentSettings {
  const changed = new Map(columns.map((column) => [column.name, column]))
  return {
    ...settings,
    columns: settings.columns.map((column) => changed.get(column.name) ?? column),
    split: split ?? settings.split
  }
}
