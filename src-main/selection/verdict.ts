/**
 * The verdict on one run: from its curves, and from the neighbouring sizes where there are some. Whether a network is too
 * small or too large its own curves can't tell: told from them alone, "good" went to 81 % of the runs of which a smaller
 * network was truly better, and "try more units" to 88 % of those on pure noise (README.md). Pure.
 */
import type { StopReason } from '#engine/training/outcome.ts'
import type { RunStatus } from '#contract/runs.ts'
import type { Verdict } from '#contract/selection.ts'
import { describeDifference, type ErrorWords } from '#lab/selection/advice-words.ts'
import { learningTail } from '#lab/selection/convergence.ts'
import type { Neighbour, Neighbours } from '#lab/selection/neighbours.ts'
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
  /** The topologies of the neighbouring sizes; null where there is nothing to compare with. */
  readonly neighbours: Neighbours | null
}

/** Above its lowest value by this share, the validation loss at the end has risen; the gap counts alike. */
const clearShare = 0.15
/** A training error this close to that of the constant model has learned next to nothing. */
const learnedLittle = 0.9

/** Judges a run. */
export function judgeRun(facts: RunFacts, words: ErrorWords): Verdict {
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
  return (
    notConverged(facts) ??
    (facts.neighbours ? bySize(facts, facts.neighbours, words) : underfit(facts, words)) ??
    overfit(facts, words) ??
    good(facts, words)
  )
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

/** What the neighbouring sizes say; null where they say nothing against it. */
function bySize(facts: RunFacts, neighbours: Neighbours, words: ErrorWords): Verdict | null {
  const { name, signal, constant, asGood, smallerBetter, largerBetter } = neighbours
  if (constant && !constant.isBeaten && signal !== 'found') {
    const sure = signal === 'none' ? 'is better' : 'is surely better'
    return {
      verdict: 'little_signal',
      evidence:
        `Neither ${name} nor a topology near it ${sure} than the ${constant.name}, which sees no input; ` +
        `${name} has errors of ${words.error(facts.trainError)} in training and ${words.error(facts.validationError)} in validation.`,
      next: 'The inputs tell little of the target, or there are too few rows to see it: other inputs or more rows help, more units do not.'
    }
  }
  if (largerBetter && !(smallerBetter && smallerBetter.comparison.centre < largerBetter.comparison.centre)) {
    return {
      verdict: 'too_small',
      evidence: `${largerBetter.name} is better by ${betterBy(largerBetter, words)} on the same rows.`,
      next: `Take ${largerBetter.name}, or try what lies above it.`
    }
  }
  if (smallerBetter) {
    return {
      verdict: 'overfit',
      evidence:
        `${gapSentence(facts, words)}, and ${smallerBetter.name}, ${timesSmaller(smallerBetter, neighbours)}, is better ` +
        `by ${betterBy(smallerBetter, words)} on the same rows.`,
      next: `Take ${smallerBetter.name}, or hold this one back with dropout or L2; more rows help most.`
    }
  }
  if (!asGood) return null
  return {
    verdict: 'larger_than_needed',
    evidence:
      `${asGood.name}, ${timesSmaller(asGood, neighbours)}, is as good: worse by ` +
      `${describeDifference(asGood.comparison, words)} on the same rows. ${gapSentence(facts, words)}.`,
    next: `Take ${asGood.name}.`
  }
}

const betterBy = ({ comparison: { centre, low, high } }: Neighbour, words: ErrorWords) =>
  describeDifference({ centre: -centre, low: -high, high: -low }, words)

const timesSmaller = ({ parameters }: Neighbour, own: Neighbours) =>
  `${describeRatio(own.parameters / parameters)} smaller`

const describeRatio = (ratio: number) => `${ratio < 9.5 ? Number(ratio.toFixed(1)) : Math.round(ratio)} times`

/** Names both errors and what lies between. */
function gapSentence({ trainError, validationError }: RunFacts, { error, difference, unit }: ErrorWords): string {
  const gap = (validationError ?? NaN) - (trainError ?? NaN)
  return `Its errors are ${error(trainError)} in training and ${error(validationError)} in validation, a gap of ${difference(gap)}${unit}`
}

/** Where nothing stands beside it. */
function underfit(
  { trainError, validationError, lowestError, constantError }: RunFacts,
  { error: write }: ErrorWords
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

function overfit(facts: RunFacts, words: ErrorWords): Verdict | null {
  const { bestEpoch, trainLoss, validationLoss } = facts
  const lowest = validationLoss[(bestEpoch ?? 0) - 1] ?? NaN
  const last = mean(validationLoss.slice(-3))
  const trainAtBest = trainLoss[(bestEpoch ?? 0) - 1] ?? NaN
  const trainLast = trainLoss.at(-1) ?? NaN
  if (!(last > (1 + clearShare) * lowest && trainLast < trainAtBest)) return null
  return {
    verdict: 'overfit',
    evidence:
      `After epoch ${bestEpoch} the validation loss rose from ${formatFigure(lowest)} to ${formatFigure(last)} while the training ` +
      `loss went on falling. ${gapSentence(facts, words)} at the best epoch, whose weights are kept.`,
    next: 'Keep the weights of the best epoch, and try fewer units, dropout or L2; more rows help most.'
  }
}

function good(
  { trainError, validationError, lowestError, neighbours }: RunFacts,
  { error: write }: ErrorWords
): Verdict {
  const isBehind = lowestError !== null && validationError !== null && validationError > (1 + clearShare) * lowestError
  return {
    verdict: 'good',
    evidence:
      `It has converged with errors of ${write(trainError)} in training and ${write(validationError)} in validation` +
      (neighbours ? ', and of the neighbouring sizes none is surely better, nor a smaller one surely as good.' : '.'),
    next: isBehind
      ? `Another topology reaches ${write(lowestError)}: compare the two.`
      : 'Try a simpler topology: if it is as good, take that.'
  }
}
