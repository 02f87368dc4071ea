/** Brings a network that was read into the form an experiment asks: its inputs in their order, its outputs for the task. */
import { hiddenLayers, outputLayer } from '#engine/network/topology.ts'
import type { FittedPreparation } from '#contract/preparation.ts'
import { LabError } from '#contract/errors.ts'
import { describePreparation, inputsOfStep } from '#lab/datasets/preparation-steps.ts'
import {
  affineAfter,
  affineBefore,
  asPair,
  type DraftLayer,
  identity,
  reorderInputs,
  reorderUnits
} from '#lab/models/onnx-import/compile.ts'
import type { ReadSteps } from '#lab/models/onnx-import/read-steps.ts'

/** How the numbers of a network are meant; the file does not say. */
export interface Meaning {
  /** `prepared`: as the experiment prepares them; `raw`: numbers as they are in the table. */
  readonly inputs: 'prepared' | 'raw'
  /** Of a number: as the network of the lab gives it, or in the units of the target. */
  readonly target: 'scaled' | 'raw'
}

/**
 * Fits layers to an experiment.
 * Errors: LabError 'bad_file' with the counts or names where inputs, outputs or classes do not fit.
 */
export function fitLayers(
  layers: readonly DraftLayer[],
  { inputs: ports, classes }: Pick<ReadSteps, 'inputs' | 'classes'>,
  preparation: FittedPreparation,
  file: string
): (meaning: Meaning) => DraftLayer[] {
  const fail = (message: string): never => {
    throw new LabError('bad_file', message, { file })
  }
  const [first] = layers
  const names = preparation.inputs
  if (!first || first.inputs !== names.length) {
    fail(`${file} reads ${first?.inputs ?? 0} inputs, where the experiment has ${names.length}: ${some(names)}.`)
  }
  const ordered = ports.length > 1 ? orderOf(ports, names) : names.map((_, index) => index)
  if (!ordered) fail(`${file} names its inputs ${some(ports)}, where the experiment has ${some(names)}.`)
  const output = fitOutput(layers, preparation.classes, file)
  const units = preparation.classes && classes ? orderOf(classes, preparation.classes) : null
  if (preparation.classes && classes && !units) {
    fail(`${file} tells the classes ${some(classes)} apart, where the experiment has ${some(preparation.classes)}.`)
  }
  const plain = units ? [...output.slice(0, -1), reorderUnits(output.at(-1) as DraftLayer, units)] : output
  const raw = rawInputs(preparation)
  const { mean, deviation } = preparation.targetScale
  return ({ inputs, target }) => {
    const [own, ...rest] = plain as [DraftLayer, ...DraftLayer[]]
    const begun = reorderInputs(own, ordered ?? [])
    const all = [inputs === 'raw' ? affineBefore(begun, raw) : begun, ...rest]
    if (preparation.classes || target === 'scaled') return all
    const scaled = { factor: Float64Array.of(1 / deviation), term: Float64Array.of(-mean / deviation) }
    return [...all.slice(0, -1), affineAfter(all.at(-1) as DraftLayer, scaled)]
  }
}

/** The output layer that the task asks for. */
function fitOutput(layers: readonly DraftLayer[], classes: readonly string[] | null, file: string): DraftLayer[] {
  const before = hiddenLayers({ layers })
  const last = outputLayer({ layers })
  const { units, activation } = last
  const wrong = (asked: string): never => {
    throw new LabError(
      'bad_file',
      `${file} has ${units} ${activation} output${units === 1 ? '' : 's'}, where the experiment asks for ${asked}.`,
      { file }
    )
  }
  if (classes === null) {
    if (units !== 1 || activation === 'softmax') return wrong('one number')
    return activation === 'linear' ? [...layers] : [...layers, identity(1)]
  }
  if (units === classes.length && (activation === 'softmax' || activation === 'linear')) {
    return [...before, { ...last, activation: 'softmax' }]
  }
  if (units === 1 && classes.length === 2 && (activation === 'sigmoid' || activation === 'linear')) {
    return [...before, asPair(last)]
  }
  return wrong(`probabilities of ${classes.length} classes`)
}

/** Prepared numbers back to raw ones: x * scale + offset; levels and flags are 0 and 1 either way. */
function rawInputs({ columns, inputs }: FittedPreparation): { factor: Float64Array; term: Float64Array } {
  const factor = new Float64Array(inputs.length).fill(1)
  const term = new Float64Array(inputs.length)
  let place = 0
  for (const { steps } of describePreparation({ columns })) {
    for (const step of steps) {
      if (step.make === 'scaled') {
        factor[place] = step.scale
        term[place] = step.offset
      }
      place += inputsOfStep(step)
    }
  }
  return { factor, term }
}

/** For each wanted name the place of the given one; null where they are not the same names. */
function orderOf(given: readonly string[], wanted: readonly string[]): number[] | null {
  if (given.length !== wanted.length) return null
  const order = wanted.map((name) => given.indexOf(name))
  return order.includes(-1) ? null : order
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, 6).join(', ')
  return names.length > 6 ? `${shown} and ${names.length - 6} more` : shown
}
