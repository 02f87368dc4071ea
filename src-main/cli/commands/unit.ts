/** `lab unit ...`: the units that networks began with, on a gate or on a table with two classes. */
import { adalineOutput, trainAdaline } from '#engine/units/adaline.ts'
import { leastSquaresUnit } from '#engine/units/least-squares.ts'
import { type LinearUnit, weightedSum, zeroUnit } from '#engine/units/linear-unit.ts'
import { fixedMadalineOutput, trainRuleOne } from '#engine/units/madaline-rule-one.ts'
import { learnedMadalineOutput, trainRuleTwo } from '#engine/units/madaline-rule-two.ts'
import { marginOf } from '#engine/units/margin.ts'
import { fire } from '#engine/units/mcculloch-pitts.ts'
import { perceptronOutput, perceptronStep, trainPerceptron } from '#engine/units/perceptron.ts'
import { separabilityOf } from '#engine/units/separability.ts'
import { Random } from '#engine/random.ts'
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { formatFacts, formatTable } from '#lab/cli/table.ts'
import { gateTable, readTwoClasses, type TwoClasses } from '#lab/cli/unit-table.ts'
import { UsageError } from '#lab/cli/usage.ts'
import { formatFigure, formatNumbered, formatShare } from '#words/numbers.ts'

export interface GateOptions {
  readonly weights: readonly number[]
  readonly threshold: number
}

export interface LearningOptions {
  readonly target?: string
  readonly data: string
  readonly rate: number
  readonly epochs: number
  readonly steps?: boolean
}

export interface MadalineOptions extends LearningOptions {
  readonly rule: 'or' | 'and' | 'majority' | 'two'
  readonly units: number
  readonly seed: number
}

/** Updates that a person reads. */
const mostSteps = 200

export function runMcCullochPitts(context: CliContext, { weights, threshold }: GateOptions): ExitCode {
  if (!Number.isFinite(threshold)) throw new UsageError('--threshold takes a number.')
  const rows = Array.from({ length: 2 ** weights.length }, (_, number) => {
    const inputs = weights.map((_, place) => (number >> (weights.length - 1 - place)) & 1)
    return { inputs, output: fire({ weights, threshold }, inputs) }
  })
  context.output.result({ unit: 'mcculloch-pitts', weights, threshold, rows }, () =>
    formatTable(rows, [
      ...weights.map((_, place) => ({
        title: `x${place + 1}`,
        text: ({ inputs }: (typeof rows)[number]) => `${inputs[place]}`,
        right: true
      })),
      { title: 'y', text: ({ output }) => `${output}`, right: true }
    ])
  )
  return exitCodes.done
}

/** Gives the rows: of a gate at once, of a table by the lab. */
async function withRows(
  context: CliContext,
  table: string | undefined,
  { data, target }: LearningOptions,
  isBipolar: boolean,
  work: (rows: TwoClasses) => void
): Promise<ExitCode> {
  if (table === undefined) {
    work(gateTable(data, isBipolar))
    return exitCodes.done
  }
  return withLab(context, 'write', async ({ client }) => {
    const rows = await readTwoClasses(client, table, target, context)
    rows.remarks.forEach((remark) => context.output.say(remark))
    work(rows)
    return exitCodes.done
  })
}

export function runPerceptron(
  context: CliContext,
  table: string | undefined,
  options: LearningOptions
): Promise<ExitCode> {
  return withRows(context, table, options, false, (data) => {
    const { rate, epochs } = options
    const outcome = trainPerceptron(data, { learningRate: rate, epochs })
    const steps = updatesOf(data, rate, outcome.wrong.length)
    const bound = marginOf(data)
    const separable = outcome.isLearned ? 'separable' : separabilityOf(data)
    const right = data.rows.filter((x, row) => perceptronOutput(outcome.unit, x) === data.targets[row]).length
    const { unit, wrong, isLearned, reason } = outcome
    const document = {
      unit: 'perceptron',
      data: data.name,
      inputs: data.inputs,
      classes: data.classes,
      rows: data.rows.length,
      rate,
      epochs: wrong.length,
      updates: steps.length,
      mostUpdates: bound && Math.floor(bound.mostUpdates),
      accuracy: right / data.rows.length,
      separable,
      isLearned,
      reason,
      weights: unit.weights,
      bias: unit.bias,
      ...(options.steps ? { steps: steps.slice(0, mostSteps) } : {})
    }
    context.output.result(document, () =>
      [
        formatFacts([
          ...commonFacts(data),
          ['accuracy', formatShare(right / data.rows.length)],
          [
            'updates',
            `${steps.length}${bound ? `, at most ${Math.floor(bound.mostUpdates)} by Novikoff's bound` : ''}`
          ],
          ['separable', { separable: 'yes, by a line', inseparable: 'no', unknown: 'not found out' }[separable]],
          ['weights', weightsText(outcome.unit, data.inputs)]
        ]),
        ...(options.steps ? ['', stepsTable(steps.slice(0, mostSteps))] : []),
        '',
        outcome.reason
      ].join('\n')
    )
  })
}

export function runAdaline(
  context: CliContext,
  table: string | undefined,
  options: LearningOptions
): Promise<ExitCode> {
  return withRows(context, table, options, true, (data) => {
    const { rate, epochs } = options
    const bipolar = { rows: data.rows, targets: data.targets.map((t) => (t === 1 ? 1 : -1)) }
    const outcome = trainAdaline(bipolar, { learningRate: rate, epochs, tolerance: 1e-6 })
    const best = leastSquaresUnit(bipolar)
    const right = bipolar.rows.filter((x, row) => adalineOutput(outcome.unit, x) === bipolar.targets[row]).length
    const errorOf = (unit: LinearUnit) =>
      bipolar.rows.reduce((sum, x, row) => sum + ((bipolar.targets[row] ?? 0) - weightedSum(unit, x)) ** 2, 0) /
      bipolar.rows.length
    const separable = outcome.isLearned ? 'separable' : separabilityOf(bipolar)
    const { squaredErrors, unit, wrong, isLearned, reason } = outcome
    context.output.result(
      {
        unit: 'adaline',
        data: data.name,
        inputs: data.inputs,
        classes: data.classes,
        rows: data.rows.length,
        rate,
        epochs: wrong.length,
        updates: wrong.length * data.rows.length,
        accuracy: right / data.rows.length,
        separable,
        isLearned,
        reason,
        weights: unit.weights,
        bias: unit.bias,
        squaredError: squaredErrors.at(-1) ?? errorOf(unit),
        leastSquares: best && { ...best, squaredError: errorOf(best) }
      },
      () =>
        [
          formatFacts([
            ...commonFacts(data),
            ['accuracy', formatShare(right / data.rows.length)],
            ['squared error', `${formatFigure(errorOf(unit))}${best ? `, least ${formatFigure(errorOf(best))}` : ''}`],
            ['weights', weightsText(unit, data.inputs)],
            ['least squares', best && weightsText(best, data.inputs)]
          ]),
          '',
          reason
        ].join('\n')
    )
  })
}

export function runMadaline(
  context: CliContext,
  table: string | undefined,
  options: MadalineOptions
): Promise<ExitCode> {
  return withRows(context, table, options, true, (data) => {
    const { rule, units, rate, epochs, seed } = options
    const bipolar = { rows: data.rows, targets: data.targets.map((t) => (t === 1 ? 1 : -1)) }
    const settings = { units, learningRate: Math.min(1, rate), epochs, random: new Random(seed) }
    const trained = rule === 'two' ? trainTwo(bipolar, settings) : trainOne(bipolar, { ...settings, output: rule })
    const right = bipolar.rows.filter((x, row) => trained.output(x) === bipolar.targets[row]).length
    const { hidden, wrong, isLearned, reason } = trained
    context.output.result(
      {
        unit: 'madaline',
        rule,
        data: data.name,
        inputs: data.inputs,
        classes: data.classes,
        rows: data.rows.length,
        rate,
        seed,
        epochs: wrong.length,
        accuracy: right / data.rows.length,
        isLearned,
        reason,
        hidden
      },
      () =>
        [
          formatFacts([
            ...commonFacts(data),
            ['rule', rule === 'two' ? 'II' : `I, ${rule}`],
            ['accuracy', formatShare(right / data.rows.length)],
            ...hidden.map((unit, index): [string, string] => [`Adaline ${index + 1}`, weightsText(unit, data.inputs)])
          ]),
          '',
          reason
        ].join('\n')
    )
  })
}

function trainOne(...[table, settings]: Parameters<typeof trainRuleOne>) {
  const { unit, ...rest } = trainRuleOne(table, settings)
  return { ...rest, hidden: unit.hidden, output: (x: readonly number[]) => fixedMadalineOutput(unit, x) }
}

function trainTwo(...[table, settings]: Parameters<typeof trainRuleTwo>) {
  const { unit, ...rest } = trainRuleTwo(table, settings)
  return { ...rest, hidden: unit.hidden, output: (x: readonly number[]) => learnedMadalineOutput(unit, x) }
}

interface Update {
  readonly epoch: number
  readonly row: number
  readonly weights: readonly number[]
  readonly bias: number
}

/** The updates of some epochs of the perceptron's rule, as training made them. */
function updatesOf({ rows, targets }: TwoClasses, rate: number, epochs: number): Update[] {
  const updates: Update[] = []
  let unit = zeroUnit(rows[0]?.length ?? 0)
  for (let epoch = 1; epoch <= epochs; epoch++) {
    rows.forEach((x, row) => {
      const next = perceptronStep(unit, x, targets[row] ?? 0, rate)
      if (perceptronOutput(unit, x) !== targets[row]) updates.push({ epoch, row: row + 1, ...next })
      unit = next
    })
  }
  return updates
}

function stepsTable(updates: readonly Update[]): string {
  return formatTable(updates, [
    { title: 'epoch', text: ({ epoch }) => `${epoch}`, right: true },
    { title: 'row', text: ({ row }) => `${row}`, right: true },
    { title: 'weights', text: ({ weights }) => weights.map(formatFigure).join(' ') },
    { title: 'bias', text: ({ bias }) => formatFigure(bias), right: true }
  ])
}

function commonFacts({ name, rows, inputs, classes }: TwoClasses): [string, string][] {
  return [
    ['data', `${name}, ${formatNumbered(rows.length, 'row')}, ${formatNumbered(inputs.length, 'input')}`],
    ['classes', `${classes[0]} is 0, ${classes[1]} is 1`]
  ]
}

const mostWeights = 8

function weightsText({ weights, bias }: LinearUnit, inputs: readonly string[]): string {
  const shown = weights.slice(0, mostWeights).map((weight, index) => `${inputs[index]} ${formatFigure(weight)}`)
  const more = weights.length > mostWeights ? `, and ${weights.length - mostWeights} more` : ''
  return `${shown.join(', ')}${more}, bias ${formatFigure(bias)}`
}
