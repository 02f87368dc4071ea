/**
 * A model as one JSON document, complete enough to be read again: `modelDocument` is its schema, written beside it as
 * a JSON Schema. Numbers of the network are as short as they can be and still the same float32.
 */
import { z } from 'zod'
import { parameterSpans } from '#engine/network/parameters.ts'
import { checkTopology, storedCount, type Topology } from '#engine/network/topology.ts'
import { topology } from '#contract/network.ts'
import { LabError } from '#contract/errors.ts'
import { layersOf, modelDescription, type ModelLayer, type TrainedModel } from '#lab/models/model.ts'

const numbers = z.array(z.number())

const layerNumbers = z.object({
  weights: numbers.describe('units x inputs, row by row: all weights of the first unit first'),
  biases: numbers,
  gain: numbers.optional().describe('Of a normalised layer: normalised sum * gain + shift'),
  shift: numbers.optional(),
  runningMean: numbers.optional().describe('Of batch normalisation: (sum - mean) / sqrt(variance + 0.00001)'),
  runningVariance: numbers.optional()
})

export const modelDocument = modelDescription
  .extend({
    format: z.literal('topology-lab-model'),
    version: z.literal([1, 2]).describe('2 for an ensemble'),
    layers: z.array(layerNumbers).describe('One a layer of the topology, the output layer last'),
    temperature: z
      .number()
      .optional()
      .describe('Probabilities, averaged where there are several networks, become p^(1 / temperature) by their sum'),
    further: z
      .array(z.object({ topology, layers: z.array(layerNumbers) }))
      .optional()
      .describe('Of an ensemble: the networks whose outputs are averaged with those of this one')
  })
  .describe('A trained feedforward network of Topology Lab, with its preparation and where it comes from')

/** The JSON Schema of the document. */
export function modelDocumentSchema(): unknown {
  return z.toJSONSchema(modelDocument)
}

/** Writes the document piece by piece, so that a large network holds nothing up. */
export function* writeJson(model: TrainedModel): Generator<string, void, void> {
  const { task, topology, preparation, provenance, temperature, further } = model
  const version = further || temperature !== undefined ? 2 : 1
  const head = { format: 'topology-lab-model', version, task, topology, preparation, provenance, temperature }
  yield `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "layers": [`
  yield* writeLayers(layersOf(model))
  yield '\n  ]'
  for (const [index, network] of (further ?? []).entries()) {
    yield `${index === 0 ? ',\n  "further": [' : ','}\n  {\n  "topology": ${JSON.stringify(network.topology)},\n  "layers": [`
    yield* writeLayers(layersOf(network))
    yield '\n  ]\n  }'
  }
  yield further ? '\n  ]\n}\n' : '\n}\n'
}

function* writeLayers(layers: readonly ModelLayer[]): Generator<string, void, void> {
  let before = '\n'
  for (const layer of layers) {
    const fields: [string, Float32Array | undefined][] = [
      ['weights', layer.weights],
      ['biases', layer.biases],
      ['gain', layer.scale?.gain],
      ['shift', layer.scale?.shift],
      ['runningMean', layer.running?.mean],
      ['runningVariance', layer.running?.variance]
    ]
    yield `${before}    {`
    let separator = '\n'
    for (const [name, values] of fields) {
      if (!values) continue
      yield `${separator}      "${name}": [`
      yield* writeNumbers(values)
      yield ']'
      separator = ',\n'
    }
    yield '\n    }'
    before = ',\n'
  }
}

/** Numbers written in one piece; about a millisecond. */
const pieceLength = 4096

/** Writes numbers with commas between them, in pieces, each the shortest text that is the same float32. */
export function* writeNumbers(values: Float32Array): Generator<string, void, void> {
  for (let start = 0; start < values.length; start += pieceLength) {
    const texts = Array.from(values.subarray(start, start + pieceLength), shortest)
    yield `${start === 0 ? '' : ','}${texts.join(',')}`
  }
}

/** Nine significant digits tell every float32 apart; often fewer do. */
function shortest(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const text = value.toPrecision(digits)
    if (Math.fround(Number(text)) === value) return String(Number(text))
  }
  return String(Number(value.toPrecision(9)))
}

/**
 * Makes a model of a parsed document. Arrays of numbers may have become Float32Array on the way.
 * Errors: LabError 'bad_file' with a sentence where it is no such document, or its numbers do not fit its topology.
 */
export function readJson(document: unknown, file: string): TrainedModel {
  const parsed = modelDescription
    .extend({
      format: modelDocument.shape.format,
      version: modelDocument.shape.version,
      layers: z.array(z.unknown()),
      temperature: modelDocument.shape.temperature,
      further: z.array(z.object({ topology, layers: z.array(z.unknown()) })).optional()
    })
    .safeParse(document)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new LabError('bad_file', `${file} is no model of Topology Lab: ${issue?.path.join('.')}: ${issue?.message}.`)
  }
  const { layers, task, topology: own, preparation, provenance, temperature, further } = parsed.data
  return {
    task,
    topology: own,
    preparation,
    provenance,
    parameters: readParameters(own, layers, file),
    ...(temperature !== undefined && { temperature }),
    ...(further && {
      further: further.map((network) => ({
        topology: network.topology,
        parameters: readParameters(network.topology, network.layers, file)
      }))
    })
  }
}

function readParameters(topology: Topology, layers: readonly unknown[], file: string): Float32Array {
  const [problem] = checkTopology(topology)
  if (problem) throw new LabError('bad_file', `${file}: ${problem.message}`)
  const parameters = new Float32Array(storedCount(topology))
  parameterSpans(topology).forEach((span, index) => {
    const layer = layers[index] as Record<string, unknown> | undefined
    const { units } = span
    place(layer?.weights, span.weights, units * span.inputs)
    place(layer?.biases, span.biases, units)
    if (span.gain !== null) {
      place(layer?.gain, span.gain, units)
      place(layer?.shift, span.gain + units, units)
    }
    if (span.running !== null) {
      place(layer?.runningMean, span.running, units)
      place(layer?.runningVariance, span.running + units, units)
    }

    function place(values: unknown, start: number, count: number): void {
      const isList = values instanceof Float32Array || Array.isArray(values)
      if (!isList || values.length !== count || values.some((value) => !Number.isFinite(value))) {
        throw new LabError(
          'bad_file',
          `${file}: layer ${index + 1} has not the ${count} numbers that its topology asks.`
        )
      }
      parameters.set(values as ArrayLike<number>, start)
    }
  })
  return parameters
}
