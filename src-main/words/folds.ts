/** Why folds judge where nobody asked for them, in words. */
import { formatCount } from '#words/numbers.ts'

/** Says why so many folds judge by default; `rows` are those of the parts. */
export function whyFolds(rows: { readonly train: number; readonly validation: number }, folds: number): string {
  const [all, few] = [rows.train + rows.validation, rows.validation].map(formatCount)
  return (
    `${folds} folds judge, so that all ${all} rows of training and validation part do: the ${few} of the validation part ` +
    'alone are few. One seed each makes as many runs as five on one part.'
  )
}
