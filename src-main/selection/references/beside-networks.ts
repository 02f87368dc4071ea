/** Reference models laid beside the best network: is a network the right tool here? Pure. */
import type { References } from '#contract/selection.ts'
import { answerOf, intervalOf } from '#lab/selection/belief.ts'
import { describeDifference, type ErrorWords } from '#lab/selection/advice-words.ts'
import { type Comparison, comparePoints, type Judgement } from '#lab/selection/comparison.ts'
import type { ComplexityPoint } from '#lab/selection/complexity.ts'
import { type ReferenceName, referenceNames } from '#lab/selection/references/fitted.ts'
import type { Suggestion } from '#lab/selection/suggestion.ts'
import { nameTopology } from '#words/topologies.ts'

export const referenceLabels: Readonly<Record<ReferenceName, string>> = {
  linear: 'linear model',
  forest: 'random forest'
}

/** A reference beside the best network; null where nothing tells the noise. */
export interface Beside {
  readonly name: ReferenceName
  readonly comparison: Comparison | null
  /** Whether it is surely better than the best network, by more than the zone. */
  readonly isBetter: boolean
}

/**
 * Compares a reference with the best network. That network was picked as the lowest of many, and the reference was not:
 * the luck of it is taken off the difference.
 */
export function besideBest(
  name: ReferenceName,
  point: ComplexityPoint,
  { best, luck, zone }: Pick<Suggestion, 'best' | 'luck' | 'zone'>,
  judgement: Judgement
): Beside {
  const found = comparePoints(point, best, judgement, zone)
  if (!found) return { name, comparison: null, isBetter: false }
  const belief = { ...found, centre: found.centre - luck.mean }
  const turned = { ...belief, centre: -belief.centre }
  return {
    name,
    comparison: { ...belief, ...intervalOf(belief), answer: answerOf(belief, zone) },
    isBetter: answerOf(turned, zone) === 'worse'
  }
}

type Told = Pick<References, 'answer' | 'reason'>

/** Says what the comparisons come to. */
export function describeReferences(
  besides: readonly Beside[],
  { best, signal }: Pick<Suggestion, 'best' | 'signal'>,
  words: ErrorWords
): Told {
  const known = besides.flatMap(({ comparison, ...rest }) => (comparison ? [{ ...rest, comparison }] : []))
  if (known.length === 0) {
    return { answer: 'unknown', reason: 'Nothing tells how a linear model and a forest compare with the networks yet.' }
  }
  const better = known.filter(({ isBetter }) => isBetter)
  const [winner] = better.toSorted((a, b) => a.comparison.centre - b.comparison.centre)
  if (winner) {
    const { centre, low, high } = winner.comparison
    const by = describeDifference({ centre: -centre, low: -high, high: -low }, words)
    return {
      answer: 'reference',
      reason: `A ${referenceLabels[winner.name]} is better than the best network, ${nameTopology(best)}, by ${by}: use one, or look for what it sees that the networks do not.`
    }
  }
  if (signal === 'none') {
    return { answer: 'unknown', reason: 'No model finds a signal for sure: not a network, nor those beside them.' }
  }
  const others = known.filter(({ name }) => name !== 'linear' || best.depth > 0)
  const equal = others.filter(({ comparison }) => comparison.answer === 'as_good')
  if (equal.length > 0) {
    const names = listModels(equal.map(({ name }) => name))
    return {
      answer: 'as_good',
      reason: `${names} ${equal.length === 1 ? 'is' : 'are'} as good as the best network, ${nameTopology(best)}: the network has to have another reason.`
    }
  }
  const worse = others.filter(({ comparison }) => comparison.answer === 'worse')
  if (worse.length === others.length && others.length > 0) {
    const told = worse.map(
      ({ name, comparison }) => `${referenceLabels[name]}: ${describeDifference(comparison, words)}`
    )
    const itself = best.depth > 0 ? '' : ' It is linear itself.'
    return {
      answer: 'network',
      reason: `The best network, ${nameTopology(best)}, is better than ${referenceNames.length === known.length && best.depth > 0 ? 'both others' : 'the other'} (${told.join('; ')}).${itself}`
    }
  }
  const open = others.filter(({ comparison }) => comparison.answer === 'open')
  const names = listModels(open.map(({ name }) => name))
  return {
    answer: 'open',
    reason: `Whether ${names.toLowerCase()} ${open.length === 1 ? 'is' : 'are'} as good as the best network, ${nameTopology(best)}, these rows can't tell.`
  }
}

function listModels(names: readonly ReferenceName[]): string {
  const text = names.map((name) => `a ${referenceLabels[name]}`).join(' and ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
