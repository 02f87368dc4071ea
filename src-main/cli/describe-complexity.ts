/** The complexity curve as text for people. */
import { type Complexity, isConstant } from '#contract/selection.ts'
import { formatTable } from '#lab/cli/table.ts'
import { describeOptimism, errorWriter } from '#words/errors.ts'
import { formatCount, formatFigure } from '#words/numbers.ts'

type Point = Complexity['points'][number]

/** Writes the points as a table, then the suggestion with its reason. */
export function describeComplexity(complexity: Complexity): string {
  const { folds, foldCounts, points, best, suggested, measure, reason, decided, extraSeeds, tried, optimism } =
    complexity
  const write = errorWriter(measure.name)
  const others = foldCounts.filter((count) => count !== folds)
  const elsewhere = others.length > 0 ? `\nThere are runs over folds too: --folds ${others.join(' or ')}.` : ''
  if (points.length === 0) return `${reason}${elsewhere}`
  const table = formatTable(points, [
    { title: 'topology', text: ({ topology }) => topology },
    { title: 'parameters', text: ({ parameters }) => formatCount(parameters), right: true },
    { title: 'multiply-adds', text: (point) => formatCount(point.multiplyAdds), right: true },
    ...(points.some(({ predictionSeconds }) => predictionSeconds !== null)
      ? [{ title: 'us a row', text: (point: Point) => formatFigure((point.predictionSeconds ?? 0) * 1e6), right: true }]
      : []),
    { title: folds === null ? 'seeds' : 'folds', text: ({ seeds }) => String(seeds), right: true },
    { title: 'training', text: ({ train }) => write(train.median), right: true },
    { title: 'validation', text: ({ validation }) => write(validation.median), right: true },
    { title: 'mean', text: ({ validation }) => write(validation.mean), right: true },
    { title: 'quartiles', text: ({ validation: { q1, q3 } }) => `${write(q1)} to ${write(q3)}` },
    { title: 'standard error', text: ({ validation }) => write(validation.standardError), right: true },
    {
      title: '',
      text: ({ topology, baseline, unfinished }) =>
        [
          topology === suggested ? 'suggested' : '',
          topology === best ? 'best' : '',
          baseline ? 'baseline' : '',
          unfinished > 0 ? `${unfinished} unfinished` : ''
        ]
          .filter(Boolean)
          .join(', ')
    }
  ])
  // The majority class and the mean are contested like any point, but have no seeds.
  const constants = points.filter(isConstant).map(({ topology }) => topology)
  const contested = complexity.contested.filter((topology) => !constants.includes(topology))
  const open =
    decided || extraSeeds === 0
      ? ''
      : `\nNot decided: about ${extraSeeds} more seeds for each of ${contested.join(', ')}.`
  const tries = folds === null ? 'on this validation part' : `on the same ${folds} folds`
  const luck = `${tried} tried ${tries}; choosing the best of them flatters it by ${describeOptimism(optimism, write)}.`
  return `${measure.label}, medians over ${folds === null ? 'seeds' : 'folds'}; the suggestion goes by the mean\n\n${table}\n\nSuggested: ${reason}${open}\n${luck}${elsewhere}`
}
