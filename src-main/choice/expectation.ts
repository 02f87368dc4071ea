/**
 * What the sealed test part should show for a run, told before it is opened: the validation error, raised by what
 * choosing among several explains, with the range that parts of these sizes allow.
 */
import type { Expectation, OpenedExpectation } from '#contract/runs.ts'
import { deviation, mean } from '#trials/statistics.ts'

export interface ExpectationFacts {
  readonly runId: number
  readonly task: 'classification' | 'regression'
  /** One a row of the validation part: 1 for a wrong class and 0 for a right one, or the squared residual. */
  readonly rowErrors: readonly number[]
  readonly optimism: number
  readonly testRows: number
}

/** Two-sided 95 % of the normal distribution. */
const z95 = 1.959964

/**
 * States the expectation.
 * Method: both parts are samples of the same rows to come, so that test and validation error differ by a normal number
 * whose variance is s2/n + s2/m. For wrong classes s2 is p(1 - p), with one more right and one more wrong row in each
 * part (Agresti & Caffo 2000), so that a validation part without mistakes does not promise a test part without any. For
 * numbers s2 is that of the squared residuals, brought to the root by the delta method.
 * Units: share of wrong classes, or root mean squared error in units of the target.
 */
export function expectTest({ runId, task, rowErrors, optimism, testRows }: ExpectationFacts): Expectation {
  const validationRows = rowErrors.length
  const average = mean(rowErrors)
  const classifies = task === 'classification'
  const validation = classifies ? average : Math.sqrt(average)
  const spread = classifies
    ? Math.sqrt(
        wrongVariance(average, validationRows, validationRows) + wrongVariance(average, validationRows, testRows)
      )
    : validation > 0
      ? (deviation(rowErrors) * Math.sqrt(1 / validationRows + 1 / testRows)) / (2 * validation)
      : 0
  const expected = validation + optimism
  const high = expected + z95 * spread
  return {
    validation,
    ofRun: runId,
    optimism,
    low: Math.max(0, expected - z95 * spread),
    high: classifies ? Math.min(1, high) : high,
    validationRows,
    testRows,
    method:
      `The validation error, raised by what choosing explains, plus or minus the 95 % range of the difference between ` +
      `samples of ${validationRows} and ${testRows} rows` +
      (classifies ? ' (Agresti & Caffo 2000).' : ' (from the spread of the squared residuals).')
  }
}

/** The variance of a share of wrong rows in a part of `rows`, from the share seen in `seen` rows. */
function wrongVariance(share: number, seen: number, rows: number): number {
  const p = (share * seen + 1) / (seen + 2)
  return (p * (1 - p)) / (rows + 2)
}

/** Says whether what was expected came true. */
export function judgeOpening(expectation: Expectation, error: number): OpenedExpectation {
  const outcome = error > expectation.high ? 'worse' : error < expectation.low ? 'better' : 'as_expected'
  return { ...expectation, error, outcome }
}
