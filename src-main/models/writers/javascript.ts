/**
 * A model as one JavaScript module without dependencies, and its types. It computes in float64 with the float32
 * weights, after rounding the prepared inputs to float32 as the lab does.
 */
import { NORMALISATION_EPSILON } from '#engine/network/constants.ts'
import { outputLimits, type TargetScale } from '#engine/training/evaluation.ts'
import { activationHelpers, writeActivation } from '#lab/models/activations.ts'
import { describePreparation, type Reads } from '#lab/datasets/preparation-steps.ts'
import { javascriptPreparation } from '#lab/models/writers/javascript-preparation.ts'
import { writeNumbers } from '#lab/models/writers/json.ts'
import { batchAffine, type ModelLayer, networksOf, type TrainedModel } from '#lab/models/model.ts'

/** Writes the module piece by piece. */
export function* writeJavaScript(model: TrainedModel): Generator<string, void, void> {
  const { preparation, provenance, task } = model
  const networks = networksOf(model)
  const layers = networks.flat()
  const isEnsemble = networks.length > 1
  const { classes, target, targetScale } = preparation
  const { data, code } = javascriptPreparation(describePreparation(preparation), literal)
  yield (
    `// Predicts "${comment(target)}" from a row. Written by Topology Lab ${provenance.lab}: run ${provenance.run}, ` +
    `${provenance.weights} weights (epoch ${provenance.epoch}).\n` +
    `// Data: ${comment(provenance.dataset.name)}, ${provenance.dataset.hash}.\n\n`
  )
  yield data
  if (task === 'classification') yield `const classes = ${literal(classes ?? [])}\n`
  yield isEnsemble ? '\nconst networks = [\n' : '\nconst layers = [\n'
  for (const network of networks) {
    if (isEnsemble) yield '[\n'
    for (const layer of network) yield* writeLayer(layer)
    if (isEnsemble) yield '],\n'
  }
  yield ']\n'
  yield* activationHelpers('javascript', layers)
  if (layers.some(({ normalisation }) => normalisation === 'layer')) yield standardise
  yield code
  yield forward(layers, isEnsemble)
  if (isEnsemble) yield averageOf(targetScale)
  yield task === 'classification' ? predictClass(model.temperature) : predictNumber(targetScale)
}

function* writeLayer(layer: ModelLayer): Generator<string, void, void> {
  const affine = batchAffine(layer)
  const fields: [string, Float32Array | Float64Array | undefined][] = [
    ['weights', layer.weights],
    ['biases', layer.biases],
    ['factor', affine?.factor ?? layer.scale?.gain],
    ['term', affine?.term ?? layer.scale?.shift]
  ]
  const standardised = layer.normalisation === 'layer' ? ' standardised: true,' : ''
  yield `  { inputs: ${layer.inputs}, units: ${layer.units},${standardised} activate: ${activationOf(layer)}`
  for (const [name, values] of fields) {
    if (!values) continue
    yield `,\n    ${name}: [`
    if (values instanceof Float32Array) yield* writeNumbers(values)
    else yield values.join(',')
    yield ']'
  }
  yield ' },\n'
}

function activationOf(layer: ModelLayer): string {
  const { text, isOfRow } = writeActivation('javascript', layer)
  if (text === 'z') return 'null'
  return isOfRow ? text : `(sums) => sums.map((z) => (${text}))`
}

const standardise = `
function standardise(sums) {
  const mean = sums.reduce((a, b) => a + b, 0) / sums.length
  const variance = sums.reduce((a, b) => a + (b - mean) ** 2, 0) / sums.length
  return sums.map((z) => (z - mean) / Math.sqrt(variance + ${NORMALISATION_EPSILON}))
}
`

/** The mean of all networks, each of them within the limits of predictions. */
const averageOf = (scale: TargetScale) => `
/** The mean of the outputs of all networks. */
function forward(x) {
  const all = networks.map((layers) => forwardThrough(layers, x)${limited(scale)})
  return all[0].map((_, unit) => all.reduce((sum, outputs) => sum + outputs[unit], 0) / all.length)
}
`

/** What brings outputs back between the limits of predictions; nothing where there are none. */
function limited(scale: TargetScale): string {
  const limits = outputLimits(scale)
  return limits ? `.map((output) => Math.min(Math.max(output, ${limits.lowest}), ${limits.highest}))` : ''
}

function forward(layers: readonly ModelLayer[], isEnsemble: boolean): string {
  const lines = [
    'let sums = biases.map((bias, unit) => {',
    '  let sum = bias',
    '  for (let input = 0; input < inputs; input++) sum += weights[unit * inputs + input] * x[input]',
    '  return sum',
    '})'
  ]
  if (layers.some(({ normalisation }) => normalisation === 'layer')) {
    lines.push('if (standardised) sums = standardise(sums)')
  }
  if (layers.some(({ scale }) => scale !== null)) {
    lines.push('if (factor) sums = sums.map((z, unit) => z * factor[unit] + term[unit])')
  }
  lines.push('x = activate ? activate(sums) : sums')
  const names = ['inputs', 'weights', 'biases', 'activate']
  if (layers.some(({ normalisation }) => normalisation === 'layer')) names.push('standardised')
  if (layers.some(({ scale }) => scale !== null)) names.push('factor', 'term')
  const body = lines.map((line) => `    ${line}\n`).join('')
  return `
${isEnsemble ? 'function forwardThrough(layers, x)' : 'function forward(x)'} {
  for (const { ${names.join(', ')} } of layers) {
${body}  }
  return x
}
`
}

/** Makes probabilities more or less sure, as the temperature of the model says. */
const softened = (temperature: number) => `
function soften(probabilities) {
  const powers = probabilities.map((p) => p ** ${1 / temperature})
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map((power) => power / sum)
}
`

const predictClass = (temperature: number | undefined) => `${temperature === undefined ? '' : softened(temperature)}
/** Predicts one row, an object of values by column name; null, undefined or NaN stand for a missing value. */
export function predict(row) {
  const outputs = ${temperature === undefined ? 'forward(prepare(row))' : 'soften(forward(prepare(row)))'}
  const best = outputs.indexOf(Math.max(...outputs))
  const probabilities = Object.fromEntries(classes.map((name, index) => [name, outputs[index]]))
  return { label: classes[best], probabilities, outputs }
}
`

const predictNumber = (scale: TargetScale) => {
  const { mean, deviation } = scale
  return `
/** Predicts one row, an object of values by column name; null, undefined or NaN stand for a missing value. */
export function predict(row) {
  const outputs = forward(prepare(row))${limited(scale)}
  return { value: outputs[0] * ${deviation} + ${mean}, outputs }
}
`
}

/** What a row may hold: values as a program has them, or texts as a CSV reader gives them. */
const typesOf: Record<Reads, string> = {
  number: 'number | string | boolean',
  date: 'Date | number | string',
  clock: 'number | string',
  text: 'string | number | boolean'
}

/** Writes the types of the module. */
export function writeJavaScriptTypes({ preparation, task }: TrainedModel): string {
  const fields = describePreparation(preparation).map(({ column, reads }) => {
    // What every object has, as its constructor, would clash with a type of its own.
    const type = column in {} ? 'unknown' : `${typesOf[reads]} | null | undefined`
    return `  readonly ${literal(column)}?: ${type}\n`
  })
  const result =
    task === 'classification'
      ? `  /** The most probable class. */
  readonly label: Label
  readonly probabilities: Readonly<Record<Label, number>>
  /** Probabilities in the order of the classes. */
  readonly outputs: readonly number[]\n`
      : `  /** In the units of the target. */
  readonly value: number
  /** As the network gives it, before it is scaled back. */
  readonly outputs: readonly number[]\n`
  const labels =
    task === 'classification'
      ? `export type Label = ${(preparation.classes ?? []).map((name) => literal(name)).join(' | ')}\n\n`
      : ''
  return `/**
 * One row; a value that is null, undefined or left out is missing, and so are texts such as '' and 'NA' that are no level.
 * Dates are texts such as 2024-05-31 16:05, a Date by its time in UTC, or days since 1970 as a number.
 */
export interface Row {
${fields.join('')}}

${labels}export interface Prediction {
${result}}

export function predict(row: Row): Prediction

/** The numbers the network reads for a row. */
export function prepare(row: Row): number[]
`
}

/** Writes a value as JavaScript. JSON is, but for two line separators that old engines take for line ends. */
function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}

/** Keeps other people's text within one comment line. */
function comment(text: string): string {
  return text.replaceAll(/[\r\n\u2028\u2029]+/g, ' ')
}
