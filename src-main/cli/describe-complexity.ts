/** The complexity curve as text for people. */
import type { Complexity, References } from '#contract/selection.ts'
import { formatTable } from '#lab/cli/table.ts'
import { errorWriter } from '#words/errors.ts'
import { formatCount, formatFigure, formatNumbered, formatSetShare } from '#words/numbers.ts'
import { nameTopology } from '#words/topologies.ts'

type Point = Complexity['points'][number]

/** Writes the points as a table, then the suggestion with its reason. */
export function describeComplexity(complexity: Complexity): string {
  const { folds, foldCounts, points, best, suggested, measure, reason, tried, luck, help, trainOn, pending } =
    complexity
  const write = errorWriter(measure.name)
  const others = foldCounts.filter((count) => count !== folds)
  const elsewhere = others.length > 0 ? `\nThere are runs over folds too: --folds ${others.join(' or ')}.` : ''
  if (points.length === 0) return `${reason}${elsewhere}`
  const table = formatTable(points, [
    { title: 'topology', text: (point) => nameTopology(point) },
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
    { title: '95 % of it', text: ({ validation: { low, high } }) => `${write(low)} to ${write(high)}` },
    { title: 'worse than the best by', text: ({ beside }) => describeBeside(beside, write) },
    {
      title: '',
      text: ({ key, baseline, unfinished, unconverged }) =>
        [
          key === suggested ? 'suggested' : '',
          key === best ? 'best' : '',
          baseline ? 'baseline' : '',
          unconverged > 0 ? 'still learning' : '',
          unfinished > 0 ? `${unfinished} unfinished` : ''
        ]
          .filter(Boolean)
          .join(', ')
    }
  ])
  const tries = folds === null ? 'on this validation part' : `on the same ${folds} folds`
  const chance =
    `${tried} tried ${tries}; luck flatters the lowest mean by about ${write(luck.mean)}, the lowest single run by about ` +
    `${write(luck.single)}.`
  const lines = [
    ...points.filter(({ key }) => key === suggested).map((point) => `Suggested: ${nameTopology(point)}`),
    reason,
    ...(trainOn
      ? [
          `${formatNumbered(trainOn.runs, 'run')} would go on from their checkpoints, up to epoch ` +
            `${formatCount(trainOn.epochs)}: lab train-on.`
        ]
      : []),
    ...(help ? [help.sentence] : []),
    `${zoneSentence(complexity)} ${chance}`,
    ...(pending > 0 ? [`The rows of ${pending} older runs are still being worked out.`] : [])
  ]
  return `${measure.label}, medians over ${folds === null ? 'seeds' : 'folds'}; the suggestion goes by the mean\n\n${table}\n\n${lines.join('\n')}${elsewhere}`
}

/** Writes the linear model and the forest below the topologies. */
export function describeReferences(references: References | null): string {
  if (!references) return ''
  const { measure, models, missing, reason } = references
  const write = errorWriter(measure.name)
  const table =
    models.length === 0
      ? []
      : [
          formatTable(models, [
            { title: 'beside them', text: ({ label }) => label },
            { title: 'training', text: ({ train }) => write(train), right: true },
            { title: 'validation', text: ({ error }) => write(error), right: true },
            { title: '95 % of it', text: ({ low, high }) => `${write(low)} to ${write(high)}` },
            { title: 'worse than the best network by', text: ({ beside }) => describeBeside(beside, write) },
            { title: 'rows', text: ({ trainedRows }) => formatCount(trainedRows), right: true }
          ])
        ]
  const lacking = missing.map(({ label, reason: why }) => `No ${label}: ${why}`)
  return `\n\n${[...table, [reason, ...lacking].join('\n')].join('\n\n')}`
}

const answerWords = { as_good: 'as good', worse: 'worse', open: 'open' } as const

function describeBeside(beside: Point['beside'], write: (error: number) => string): string {
  if (!beside) return ''
  const { difference, low, high, answer } = beside
  return `${write(difference)} (${write(low)} to ${write(high)}): ${answerWords[answer]}`
}

function zoneSentence({ zone, measure }: Complexity): string {
  return `Differences up to ${formatSetShare(zone.share)} of the error of the best, ${errorWriter(measure.name)(zone.value)}, make none (--zone).`
}
