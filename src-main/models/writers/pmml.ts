/**
 * A model as PMML 4.4 (NeuralNetwork), as JPMML, KNIME and SPSS read it: raw fields in, the class with its probabilities or the
 * value out. Batch normalisation is folded into the weights before it.
 * Source: Data Mining Group, PMML 4.4.1, NeuralNetwork, BuiltinFunctions, Output.
 */
import type { ActivationName } from '#engine/network/activations.ts'
import { LabError } from '#contract/errors.ts'
import { type ColumnSteps, describePreparation } from '#lab/datasets/preparation-steps.ts'
import { batchAffine, layersOf, type ModelLayer, type TrainedModel } from '#lab/models/model.ts'
import { addColumn, DerivedFields, xml } from '#lab/models/writers/pmml-preparation.ts'

/** Of the standard's own; the others can't be told in it. */
const activations: Partial<Record<ActivationName, string>> = {
  linear: 'identity',
  sigmoid: 'logistic',
  tanh: 'tanh',
  relu: 'rectifier'
}

/**
 * Writes the document piece by piece.
 * Errors: LabError 'bad_settings' for an activation or a normalisation that PMML does not have.
 */
export function* writePmml(model: TrainedModel): Generator<string, void, void> {
  const { preparation, provenance, task } = model
  const { target, classes } = preparation
  const layers = layersOf(model)
  for (const layer of layers) expectKnown(layer, layers.at(-1) === layer && classes !== null)
  const columns = describePreparation(preparation)
  const derived = new DerivedFields([target, ...columns.map(({ column }) => column)])
  const inputs = columns.flatMap((column) => addColumn(derived, column))
  yield `<?xml version="1.0" encoding="UTF-8"?>
<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">
  <Header description="${xml(`Predicts ${target}: run ${provenance.run} of ${provenance.experiment}, ${provenance.weights} weights.`)}">
    <Application name="Topology Lab" version="${xml(provenance.lab)}"/>
  </Header>
  <DataDictionary numberOfFields="${columns.length + 1}">
${columns.map(dataField).join('')}${targetField(target, classes)}  </DataDictionary>
  <NeuralNetwork functionName="${task}" activationFunction="identity" normalizationMethod="none" numberOfLayers="${layers.length}">
    <MiningSchema>
${columns.map(({ column }) => `      <MiningField name="${xml(column)}" invalidValueTreatment="asIs"/>\n`).join('')}      <MiningField name="${xml(target)}" usageType="target"/>
    </MiningSchema>
    <Output>
${outputFields(target, classes)}    </Output>
${targetLimits(preparation)}    <LocalTransformations>
`
  yield* derived.lines
  yield `    </LocalTransformations>\n    <NeuralInputs numberOfInputs="${inputs.length}">\n`
  for (const [index, name] of inputs.entries()) {
    yield `      <NeuralInput id="0,${index}"><DerivedField optype="continuous" dataType="double"><FieldRef field="${xml(name)}"/></DerivedField></NeuralInput>\n`
  }
  yield '    </NeuralInputs>\n'
  for (const [index, layer] of layers.entries()) yield* writeLayer(layer, index + 1)
  yield* writeOutputs(model, layers.length)
  yield '  </NeuralNetwork>\n</PMML>\n'
}

function expectKnown({ activation, normalisation }: ModelLayer, isLastOfClasses: boolean): void {
  const isKnown = activation in activations || (activation === 'softmax' && isLastOfClasses)
  if (isKnown && normalisation !== 'layer') return
  const what = isKnown ? 'layer normalisation' : `the activation ${activation}`
  throw new LabError(
    'bad_settings',
    `PMML does not have ${what}. Choose another format, such as ONNX, or train with ${Object.keys(activations).join(', ')}.`
  )
}

function dataField({ column, reads }: ColumnSteps): string {
  const type = reads === 'text' ? 'optype="categorical" dataType="string"' : 'optype="continuous" dataType="double"'
  const notes = { date: 'days since 1970-01-01, the time of day as a fraction', clock: 'hours' }
  const note = reads === 'date' || reads === 'clock' ? ` displayName="${xml(`${column} (${notes[reads]})`)}"` : ''
  return `    <DataField name="${xml(column)}"${note} ${type}/>\n`
}

function targetField(target: string, classes: readonly string[] | null): string {
  if (classes === null) return `    <DataField name="${xml(target)}" optype="continuous" dataType="double"/>\n`
  const values = classes.map((name) => `<Value value="${xml(name)}"/>`).join('')
  return `    <DataField name="${xml(target)}" optype="categorical" dataType="string">${values}</DataField>\n`
}

function outputFields(target: string, classes: readonly string[] | null): string {
  const type = classes ? 'optype="categorical" dataType="string"' : 'optype="continuous" dataType="double"'
  const predicted = `      <OutputField name="${xml(`predicted ${target}`)}" ${type} feature="predictedValue"/>\n`
  const probability = (name: string) =>
    `      <OutputField name="${xml(`probability of ${name}`)}" optype="continuous" dataType="double" feature="probability" value="${xml(name)}"/>\n`
  return predicted + (classes ?? []).map(probability).join('')
}

/** The standard's own way to keep predictions within a range. */
function targetLimits({ target, targetScale: { limits } }: TrainedModel['preparation']): string {
  if (!limits) return ''
  const range = `min="${limits.minimum}" max="${limits.maximum}"`
  return `    <Targets>\n      <Target field="${xml(target)}" optype="continuous" ${range}/>\n    </Targets>\n`
}

function* writeLayer(layer: ModelLayer, number: number): Generator<string, void, void> {
  const { inputs, units, weights, biases, activation } = layer
  const affine = batchAffine(layer)
  const isSoftmax = activation === 'softmax'
  const normalised = isSoftmax ? ' normalizationMethod="softmax"' : ''
  yield `    <NeuralLayer numberOfNeurons="${units}" activationFunction="${isSoftmax ? 'identity' : activations[activation]}"${normalised}>\n`
  for (let unit = 0; unit < units; unit++) {
    const factor = affine?.factor[unit] ?? 1
    const bias = (biases[unit] ?? 0) * factor + (affine?.term[unit] ?? 0)
    const links = Array.from(
      { length: inputs },
      (_, input) => `<Con from="${number - 1},${input}" weight="${(weights[unit * inputs + input] ?? 0) * factor}"/>`
    )
    yield `      <Neuron id="${number},${unit}" bias="${bias}">${links.join('')}</Neuron>\n`
  }
  yield '    </NeuralLayer>\n'
}

function* writeOutputs({ preparation }: TrainedModel, last: number): Generator<string, void, void> {
  const { target, classes, targetScale } = preparation
  yield `    <NeuralOutputs numberOfOutputs="${classes?.length ?? 1}">\n`
  if (classes) {
    for (const [index, name] of classes.entries()) {
      yield `      <NeuralOutput outputNeuron="${last},${index}"><DerivedField optype="categorical" dataType="string"><NormDiscrete field="${xml(target)}" value="${xml(name)}"/></DerivedField></NeuralOutput>\n`
    }
  } else {
    // Two points of the line from the value to what the network gives; it is read the other way round.
    const { mean, deviation } = targetScale
    yield `      <NeuralOutput outputNeuron="${last},0"><DerivedField optype="continuous" dataType="double"><NormContinuous field="${xml(target)}"><LinearNorm orig="${mean}" norm="0"/><LinearNorm orig="${mean + deviation}" norm="1"/></NormContinuous></DerivedField></NeuralOutput>\n`
  }
  yield '    </NeuralOutputs>\n'
}
