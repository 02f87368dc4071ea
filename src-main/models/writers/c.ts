/**
 * A model as one C99 header for small devices: float, no allocation, no files. Raw values come in a struct with one
 * member a column; texts are compared with strcmp().
 */
import { createHash } from 'node:crypto'
import { LabError } from '#contract/errors.ts'
import { NORMALISATION_EPSILON } from '#engine/network/constants.ts'
import { outputLayer } from '#engine/network/topology.ts'
import { outputLimits } from '#engine/training/evaluation.ts'
import { describePreparation, type Reads } from '#lab/datasets/preparation-steps.ts'
import { activationHelpers, writeActivation } from '#lab/models/activations.ts'
import { cPreparationHelpers, writeCPreparation } from '#lab/models/writers/c-preparation.ts'
import { deviceCosts } from '#lab/models/writers/c-costs.ts'
import { writeNumbers } from '#lab/models/writers/json.ts'
import { batchAffine, type ModelLayer, needsDouble, networksOf, type TrainedModel } from '#lab/models/model.ts'

/** Two rows of sums are on the stack; a small device has little of it. */
const widestLayer = 16_384

/**
 * Writes the header piece by piece.
 * Errors: LabError 'bad_settings' for a layer too wide for the stack.
 */
export function* writeC(model: TrainedModel): Generator<string, void, void> {
  const { preparation, provenance, topology, task } = model
  const networks = networksOf(model)
  const layers = networks.flat()
  const nameOf = (network: number, layer: number) => (networks.length === 1 ? `${layer}` : `${network}_${layer}`)
  const names = networks.flatMap((own, network) => own.map((_, layer) => nameOf(network, layer)))
  const widest = Math.max(topology.inputs, ...layers.map(({ units }) => units))
  if (widest > widestLayer) {
    throw new LabError(
      'bad_settings',
      `The C header keeps ${widestLayer} numbers of a layer on the stack at most; this network has ${widest} in one. ` +
        'Choose another format.'
    )
  }
  const costs = deviceCosts(model)
  const members = memberNames(preparation.columns.map(({ column }) => column))
  const columns = describePreparation(preparation)
  const fields = columns.map(({ column, reads }, index) => {
    const encoding = preparation.columns[index]
    const type = reads === 'text' ? 'const char *' : encoding && needsDouble(encoding) ? 'double ' : 'float '
    return `  ${type}${members[index]}; /* ${comment(column)}: ${held[reads]} */\n`
  })
  const helpers = activationHelpers('c', layers)
  const id = contentId(model)
  const rowId = shortHash(fields.join(''))
  yield (
    `/* Predicts ${comment(preparation.target)}. Written by Topology Lab ${comment(provenance.lab)}: run ${provenance.run}, ` +
    `${provenance.weights} weights (epoch ${provenance.epoch}).
 * Data: ${comment(provenance.dataset.name)}, ${comment(provenance.dataset.hash)}. C99; link with -lm. Texts are UTF-8.
 * A row costs ${costs.multiplyAdds} multiply-adds and about ${costs.ramBytes} bytes of stack; the constants take ${costs.flashBytes} bytes.
 *
 * Several such headers fit into one program: each has names of its own, and the short names below mean those of the header
 * that was included last. Of this one they are model_${id}_predict() and so on. */
#undef MODEL_INPUTS
#undef MODEL_OUTPUTS
#undef MODEL_WIDEST
#define MODEL_INPUTS ${topology.inputs}
#define MODEL_OUTPUTS ${outputLayer(topology).units}
#define MODEL_WIDEST ${widest}
#undef model_row
#define model_row model_row_${rowId}
${symbolsOf(names, helpers, cPreparationHelpers(columns))
  .map((name) => `#undef ${name}\n#define ${name} ${ownName(name, id)}\n`)
  .join('')}
#ifndef TOPOLOGY_LAB_MODEL_${id.toUpperCase()}_H
#define TOPOLOGY_LAB_MODEL_${id.toUpperCase()}_H

#include <float.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Models of the same columns share it. */
#ifndef TOPOLOGY_LAB_ROW_${rowId.toUpperCase()}
#define TOPOLOGY_LAB_ROW_${rowId.toUpperCase()}
typedef struct {
${fields.join('')}} model_row;
#endif

/* Whether a number is there, told by its bits: -ffast-math takes isfinite() for true. A double of 32 bits is one as well. */
static inline int model_is_number(double value) {
#if DBL_MANT_DIG == 53
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return (bits >> 52 & 0x7ffu) != 0x7ffu;
#else
  const float single = (float)value;
  uint32_t bits;
  memcpy(&bits, &single, sizeof bits);
  return (bits >> 23 & 0xffu) != 0xffu;
#endif
}

`
  )
  if (preparation.classes) {
    yield `static const char *const model_classes[MODEL_OUTPUTS] = {${preparation.classes.map(cText).join(', ')}};\n\n`
  }
  for (const [index, layer] of layers.entries()) yield* writeNumbersOf(layer, names[index] ?? '')
  yield* writeCPreparation(columns, members, { text: cText, double, float })
  for (const helper of helpers) yield `${helper.trimStart()}\n`
  yield* writeForward(model, networks, nameOf)
  yield task === 'classification'
    ? `
/* Predicts a row: gives the place of its class in model_classes and fills in the probabilities. */
static inline int model_predict(const model_row *row, float probabilities[MODEL_OUTPUTS]) {
  float inputs[MODEL_INPUTS];
  int best = 0;
  model_prepare(row, inputs);
  model_forward(inputs, probabilities);
  for (int k = 1; k < MODEL_OUTPUTS; k++) if (probabilities[k] > probabilities[best]) best = k;
  return best;
}
`
    : `
/* Predicts a row, in the units of the target. */
static inline float model_predict(const model_row *row) {
  float inputs[MODEL_INPUTS], output[MODEL_OUTPUTS];
  model_prepare(row, inputs);
  model_forward(inputs, output);
  return ${limited('output[0]', preparation)} * ${float(preparation.targetScale.deviation)} + ${float(preparation.targetScale.mean)};
}
`
  yield '\n#endif\n'
}

/** The output between the limits of predictions, where there are any. */
function limited(output: string, { targetScale }: TrainedModel['preparation']): string {
  const limits = outputLimits(targetScale)
  return limits ? `fminf(fmaxf(${output}, ${float(limits.lowest)}), ${float(limits.highest)})` : output
}

/** Writes model_forward(): of an ensemble the mean of its networks, each within the limits of predictions. */
function* writeForward(
  { preparation, temperature }: TrainedModel,
  networks: readonly ModelLayer[][],
  nameOf: (network: number, layer: number) => string
): Generator<string, void, void> {
  yield `/* Computes the outputs for prepared inputs. */
static inline void model_forward(const float inputs[MODEL_INPUTS], float outputs[MODEL_OUTPUTS]) {
  float a[MODEL_WIDEST], b[MODEL_WIDEST];
`
  for (const [network, own] of networks.entries()) {
    yield '  memcpy(a, inputs, MODEL_INPUTS * sizeof(float));\n'
    for (const [index, layer] of own.entries()) {
      const [from, to] = index % 2 === 0 ? ['a', 'b'] : ['b', 'a']
      yield writeLayer(layer, nameOf(network, index), from, to)
    }
    const last = own.length % 2 === 0 ? 'a' : 'b'
    if (networks.length === 1) yield `  memcpy(outputs, ${last}, MODEL_OUTPUTS * sizeof(float));\n`
    else {
      const share = `${limited(`${last}[k]`, preparation)} / ${float(networks.length)}`
      yield `  for (int k = 0; k < MODEL_OUTPUTS; k++) outputs[k] ${network === 0 ? '=' : '+='} ${share};\n`
    }
  }
  yield `${softened(temperature)}}\n`
}

/** Makes the probabilities as sure as the temperature of the model says. */
function softened(temperature: number | undefined): string {
  if (temperature === undefined) return ''
  return `  {
    float sum = 0.0f;
    for (int k = 0; k < MODEL_OUTPUTS; k++) sum += outputs[k] = powf(outputs[k], ${float(1 / temperature)});
    for (int k = 0; k < MODEL_OUTPUTS; k++) outputs[k] /= sum;
  }
`
}

/** What a member of the row holds, and what stands for a missing value. */
const held: Record<Reads, string> = {
  number: 'numeric; missing: NAN',
  date: 'days since 1970-01-01 with the time of day as a fraction, see model_days(); missing: NAN',
  clock: 'hours, such as 4.5 for 4:30; missing: NAN',
  text: 'categorical; missing: NULL'
}

/** All names that the header defines; each stands for one that no other header has. */
function symbolsOf(layers: readonly string[], helpers: readonly string[], preparing: readonly string[]): string[] {
  const numbers = layers.map((layer) => ['weights', 'biases', 'factor', 'term'].map((name) => `model_${name}_${layer}`))
  const functions = ['classes', 'is_number', 'prepare', 'forward', 'predict'].map((name) => `model_${name}`)
  const needed = helpers.flatMap((text) => /(\w+)\(/.exec(text)?.[1] ?? [])
  return [...functions, ...preparing, ...needed, ...numbers.flat()]
}

function ownName(name: string, id: string): string {
  return `model_${id}_${name.replace(/^model_/, '')}`
}

/** The same for the same network and preparation, whenever and wherever it is written. */
function contentId({ preparation, temperature, further = [], ...first }: TrainedModel): string {
  const all = [first, ...further]
  const bytes = all.map(({ parameters: own }) => new Uint8Array(own.buffer, own.byteOffset, own.byteLength))
  const others = further.map(({ topology }) => topology)
  return shortHash(
    JSON.stringify([first.topology, preparation, ...(others.length > 0 || temperature ? [others, temperature] : [])]),
    ...bytes
  )
}

function shortHash(...contents: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  contents.forEach((content) => hash.update(content))
  return hash.digest('hex').slice(0, 8)
}

function* writeNumbersOf(layer: ModelLayer, index: string): Generator<string, void, void> {
  const affine = batchAffine(layer)
  const factor = affine ? Float32Array.from(affine.factor) : layer.scale?.gain
  const term = affine ? Float32Array.from(affine.term) : layer.scale?.shift
  const named = { weights: layer.weights, biases: layer.biases, factor, term }
  for (const [name, values] of Object.entries(named)) {
    if (!values) continue
    yield `static const float model_${name}_${index}[${values.length}] = {`
    // The compiler makes float of whole numbers and of doubles, so that none needs a suffix.
    yield* writeNumbers(values)
    yield '};\n'
  }
}

function writeLayer(layer: ModelLayer, index: string, from: string, to: string): string {
  const { inputs, units, normalisation, scale } = layer
  const lines = [
    `for (int o = 0; o < ${units}; o++) {`,
    `  float z = model_biases_${index}[o];`,
    `  for (int i = 0; i < ${inputs}; i++) z += model_weights_${index}[(size_t)o * ${inputs} + i] * ${from}[i];`,
    `  ${to}[o] = z;`,
    '}'
  ]
  if (normalisation === 'layer') {
    lines.push(
      '{',
      '  float mean = 0.0f, variance = 0.0f;',
      `  for (int o = 0; o < ${units}; o++) mean += ${to}[o] / ${units};`,
      `  for (int o = 0; o < ${units}; o++) variance += (${to}[o] - mean) * (${to}[o] - mean) / ${units};`,
      `  for (int o = 0; o < ${units}; o++) ${to}[o] = (${to}[o] - mean) / sqrtf(variance + ${float(NORMALISATION_EPSILON)});`,
      '}'
    )
  }
  if (scale) {
    lines.push(
      `for (int o = 0; o < ${units}; o++) ${to}[o] = ${to}[o] * model_factor_${index}[o] + model_term_${index}[o];`
    )
  }
  const { text, isOfRow } = writeActivation('c', layer, float)
  if (isOfRow) lines.push(`${text}(${to}, ${units});`)
  else if (text !== 'z') {
    lines.push(`for (int o = 0; o < ${units}; o++) {`, `  const float z = ${to}[o];`, `  ${to}[o] = ${text};`, '}')
  }
  return lines.map((line) => `  ${line}\n`).join('')
}

/**
 * Names of members: letters, digits and underscores of the column's name, each once, none a word of C. Names of capitals
 * alone become small ones: those are what macros are called, in C as on many a device (NAN, PI, HIGH).
 */
function memberNames(columns: readonly string[]): string[] {
  const taken = new Set<string>()
  return columns.map((column) => {
    const plain = column
      .normalize('NFKD')
      .replaceAll(/\p{Mark}+/gu, '')
      .replaceAll(/[^A-Za-z0-9]+/g, '_')
      .replaceAll(/^_+|_+$/g, '')
    const cased = /[a-z]/.test(plain) ? plain : plain.toLowerCase()
    const base = /^[A-Za-z]/.test(cased) && !cWords.has(cased) ? cased : `column_${cased}`
    let name = base
    for (let next = 2; taken.has(name); next++) name = `${base}_${next}`
    taken.add(name)
    return name
  })
}

const cWords = new Set(
  (
    'auto break case char const continue default do double else enum extern float for goto if inline int long register ' +
    'restrict return short signed sizeof static struct switch typedef union unsigned void volatile while ' +
    'and or not xor class new delete this template public private protected virtual try catch throw operator true false bool ' +
    'explicit export friend mutable namespace typename using asm nullptr decltype constexpr noexcept ' +
    'wchar_t bitand bitor compl and_eq or_eq xor_eq not_eq errno linux unix i386 stdin stdout stderr'
  ).split(' ')
)

/** Writes a text as C: UTF-8 bytes as octal escapes, which end after three digits; no trigraphs. */
function cText(text: string): string {
  const bytes = [...new TextEncoder().encode(text)].map((byte) => {
    const isPlain = byte >= 0x20 && byte < 0x7f && !'"\\?'.includes(String.fromCharCode(byte))
    return isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`
  })
  return `"${bytes.join('')}"`
}

function double(value: number): string {
  const text = String(value)
  return /[.e]/.test(text) ? text : `${text}.0`
}

function float(value: number): string {
  return `${double(value)}f`
}

function comment(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[*/\\?]/g, '.')
}
