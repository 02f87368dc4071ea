/** What the C header costs a small device. */
import { multiplyAdds, outputLayer } from '#engine/network/topology.ts'
import { describePreparation } from '#lab/datasets/preparation-steps.ts'
import { networksOf, type TrainedModel } from '#lab/models/model.ts'

export interface DeviceCosts {
  /** Of one row, in the layers; beside them each unit has its activation. */
  readonly multiplyAdds: number
  /** Constants, which stay in flash: numbers of the layers, texts and codes of levels. The code comes on top. */
  readonly flashBytes: number
  /** On the stack while a row is predicted, beside the row itself and what functions take for themselves. */
  readonly ramBytes: number
}

const floatBytes = 4

/** Reckons the costs of a model. */
export function deviceCosts(model: TrainedModel): DeviceCosts {
  const { topology, preparation } = model
  const topologies = [topology, ...(model.further ?? []).map((network) => network.topology)]
  const numbers = networksOf(model)
    .flat()
    .reduce(
      (sum, { weights, biases, scale, units }) => sum + weights.length + biases.length + (scale ? 2 * units : 0),
      0
    )
  const texts = describePreparation(preparation).flatMap((column) =>
    column.reads === 'text' ? [...column.levels, ...column.aliases.map(([other]) => other)] : []
  )
  // Each with its end and an address of 4 bytes; other spellings have the place of their level.
  const textBytes = [...texts, ...(preparation.classes ?? [])].reduce(
    (sum, text) => sum + Buffer.byteLength(text) + 5,
    0
  )
  const codes = describePreparation(preparation).flatMap(({ steps }) =>
    steps.flatMap((step) => (step.make === 'coded' ? step.codes : []))
  )
  const widest = Math.max(topology.inputs, ...topologies.flatMap(({ layers }) => layers.map(({ units }) => units)))
  return {
    multiplyAdds: topologies.reduce((sum, own) => sum + multiplyAdds(own), 0),
    flashBytes: (numbers + codes.length) * floatBytes + textBytes,
    ramBytes: (topology.inputs + 2 * widest + outputLayer(topology).units) * floatBytes
  }
}
