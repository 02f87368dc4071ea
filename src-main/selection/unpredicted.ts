/** Classes that a topology never says where it should: a low share of wrong rows may hide that a rare class is lost. Pure. */
import type { RunDetails } from '#engine/training/metrics.ts'

/**
 * Lists the classes with rows that judge of which no run found a single one. `details` are those of the topology's runs, over
 * seeds or folds; null for runs from before these were kept, which say nothing.
 */
export function unpredictedClasses(
  details: readonly (RunDetails | null)[],
  classes: readonly string[] | null
): string[] {
  const judged = details.flatMap((each) => (each?.validation?.task === 'classification' ? [each.validation] : []))
  if (!classes || judged.length === 0) return []
  return classes.filter((_, index) => {
    const own = judged.flatMap(({ classes: figures }) => figures[index] ?? [])
    return own.some(({ support }) => support > 0) && own.every(({ support, recall }) => support === 0 || recall === 0)
  })
}

/** Says so; null where every class is found. */
export function describeUnpredicted(classes: readonly string[], topology: string): string | null {
  if (classes.length === 0) return null
  const [first = ''] = classes
  const some =
    classes.length === 1 ? `the class ${first}` : `${classes.length} classes (${classes.slice(0, 5).join(', ')})`
  return `${topology} finds not one row of ${some}: the inputs or the rows are too few to tell ${classes.length === 1 ? 'it' : 'them'}, however low the error is.`
}
