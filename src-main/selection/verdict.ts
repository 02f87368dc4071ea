/** The verdict on one run from its curves: what they show, and what to try next. Pure; rules of thumb, said as such. */
import type { StopReason } from '#engine/training/outcome.ts'
import type { RunStatus } from '#contract/runs.ts'
import type { Verdict } from '#contract/selection.ts'
import { learningTail } from '#lab/selection/convergence.ts'
import { mean } from '#trials/statistics.ts'
import { formatFigure, formatShare } from '#words/numbers.ts'

export interface RunFacts {
  readonly status: RunStatus
  /** Whether it was trained elsewhere and taken over from a file. */
  readonly isTakenOver: boolean
  readonly isEnsemble?: boolean
  readonly reason: StopReason | null
  readonly message: string | null
  readonly plannedEpochs: number
  readonly bestEpoch: number | null
  /** Losses by epoch; the first is that of epoch 1. Validation is empty without a validation part. */
  readonly trainLoss: readonly number[]
  readonly validationLoss: readonly number[]
  /** Errors at the best epoch, of the run, of the best point of the experiment, and of the model that sees no input. */
  readonly trainError: number | null
  readonly validationError: number | null
  readonly lowestError: number | null
  readonly constantError: number | null
}

type WriteError = (error: number | null) => string

/** Above its lowest value by this share, the validation loss at the end has risen; the gap counts alike. */
const clearShare = 0.15
/** A training error this close to that of the constant model has learned next to nothing. */
const learnedLittle = 0.9

/** Judges a run; its sentences write errors with `write`. */
export function judgeRun(facts: RunFacts, write: WriteError): Verdict {
  const { status, isTakenOver, isEnsemble, message, trainLoss, validationLoss, validationError } = facts
  if (isEnsemble) {
    return {
      verdict: 'unjudged',
      evidence: 'It averages other runs, so there are no curves to judge it by. Its figures were measured here.',
      next: 'Compare its figures with those of its members, on the same rows.'
    }
  }
  if (isTakenOver) {
    return {
      verdict: 'unjudged',
      evidence: 'It was trained elsewhere, so there are no curves to judge it by. Its figures were measured here.',
      next: 'Compare its figures with those of the runs trained here, on the same rows.'
    }
  }
  if (status === 'diverged') {
    return {
      verdict: 'diverged',
      evidence: message ?? 'The loss is no finite number any more.',
      next: 'Try a learning rate three to ten times smaller, or clip the gradient.'
    }
  }
  if (status === 'done' && validationError === null) {
    return {
      verdict: 'unjudged',
      evidence: 'It trained without a validation part, so nothing but the test part can tell how it does on new rows.',
      next: 'Judge its topology by the runs that were validated.'
    }
  }
  if (status !== 'done' || validationError === null || validationLoss.length === 0 || trainLoss.length === 0) {
    return {
      verdict: 'unfinished',
      evidence: message ?? `The run is ${status}, so its figures are no result.`,
      next: 'Let it train to its end.'
    }
  }
  return notConverged(facts) ?? underfit(facts, write) ?? overfit(facts, write) ?? good(facts, write)
}

function notConverged({ reason, bestEpoch, plannedEpochs, validationLoss }: RunFacts): Verdict | null {
  const tail = reason === 'epochs' ? learningTail(validationLoss, bestEpoch) : null
  if (!tail) return null
  return {
    verdict: 'not_converged',
    evidence:
      `The validation loss still fell by ${formatShare(tail.fall)} over the last ${tail.epochs} of ` +
      `${plannedEpochs} epochs, and the best epoch is ${bestEpoch}.`,
    next: 'Train for more epochs, with early stopping, or raise the learning rate.'
  }
}

function underfit(
  { trainError, validationError, lowestError, constantError }: RunFacts,
  write: WriteError
): Verdict | null {
  if (trainError === null || validationError === null) return null
  const next = 'Try more units or another layer, or less regularisation.'
  if (constantError !== null && trainError > learnedLittle * constantError) {
    const evidence = `Its training error of ${write(trainError)} is hardly below the ${write(constantError)} of a model that sees no input.`
    return {
      verdict: 'underfit',
      evidence,
      next: `${next} If that changes nothing, the inputs may not tell the target.`
    }
  }
  const isBehind = lowestError !== null && validationError > (1 + clearShare) * lowestError
  const hasNoGap = validationError < (1 + clearShare) * trainError
  if (!isBehind || !hasNoGap) return null
  return {
    verdict: 'underfit',
    evidence:
      `Training and validation error are alike (${write(trainError)} and ${write(validationError)}), ` +
      `but another topology reaches ${write(lowestError)}.`,
    next
  }
}

function overfit(facts: RunFacts, write: WriteError): Verdict | null {
  const { bestEpoch, trainLoss, validationLoss, trainError, validationError } = facts
  const lowest = validationLoss[(bestEpoch ?? 0) - 1] ?? NaN
  const last = mean(validationLoss.slice(-3))
  const trainAtBest = trainLoss[(bestEpoch ?? 0) - 1] ?? NaN
  const trainLast = trainLoss.at(-1) ?? NaN
  if (!(last > (1 + clearShare) * lowest && trainLast < trainAtBest)) return null
  return {
    verdict: 'overfit',
    evidence:
      `After epoch ${bestEpoch} the validation loss rose from ${formatFigure(lowest)} to ${formatFigure(last)} while the training ` +
      `loss went on falling; at the best epoch the errors are ${write(trainError)} and ${write(validationError)}.`,
    next: 'Keep the weights of the best epoch, and try fewer units, dropout or L2; more rows help most.'
  }
}

function good({ trainError, validationError, lowestError }: RunFacts, write: WriteError): Verdict {
  const isBehind = lowestError !== null && validationError !== null && validationError > (1 + clearShare) * lowestError
  return {
    verdict: 'good',
    evidence: `It has converged with errors of ${write(trainError)} in training and ${write(validationError)} in validation.`,
    next: isBehind
      ? `Another topology reaches ${write(lowestError)}: compare the two.`
      : 'Try a simpler topology: if it is as good, take that.'
  }
}
