/**
 * Weights as a safetensors file, by the names PyTorch gives them in the module of pytorch.ts.
 * Source: github.com/huggingface/safetensors, "Format": 8 bytes of header length, a header of JSON, the tensors.
 */
import { storedCount, type Topology } from '#engine/network/topology.ts'
import { LabError } from '#contract/errors.ts'
import { type ModelLayer, layersOf, type TrainedModel } from '#lab/models/model.ts'

interface Tensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array
}

interface HeaderEntry {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data_offsets: readonly [number, number]
}

/** Writes the file piece by piece: header, then each tensor. */
export function* writeSafetensors(model: TrainedModel): Generator<Uint8Array, void, void> {
  const tensors = layersOf(model).flatMap(tensorsOf)
  const { task, topology, preparation, provenance } = model
  const metadata = { format: 'pt', topologyLab: JSON.stringify({ task, topology, preparation, provenance }) }
  let offset = 0
  const entries = tensors.map(({ name, shape, values }) => {
    const start = offset
    offset += values.byteLength
    return [name, { dtype: 'F32', shape, data_offsets: [start, offset] }] as const
  })
  const text = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) })
  const header = new TextEncoder().encode(text)
  // Spaces up to a multiple of 8, so that the tensors are aligned.
  const padded = new Uint8Array(Math.ceil(header.length / 8) * 8).fill(0x20)
  padded.set(header)
  const length = new Uint8Array(8)
  new DataView(length.buffer).setBigUint64(0, BigInt(padded.length), true)
  yield length
  yield padded
  for (const { values } of tensors) yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

/**
 * Reads the parameters of a topology from the bytes of such a file.
 * Errors: LabError 'bad_file' where a tensor is missing or has another shape.
 */
export function readSafetensors(bytes: Uint8Array, topology: Topology): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = 8 + Number(view.getBigUint64(0, true))
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start))) as Record<string, HeaderEntry>
  const parameters = new Float32Array(storedCount(topology))
  for (const { name, shape, values } of layersOf({ topology, parameters }).flatMap(tensorsOf)) {
    const entry = header[name]
    if (entry?.dtype !== 'F32' || entry.shape.join() !== shape.join()) {
      throw new LabError(
        'bad_file',
        `The safetensors file has no float32 tensor ${name} of shape ${shape.join(' x ')}.`
      )
    }
    const [from, to] = entry.data_offsets
    values.set(new Float32Array(Uint8Array.from(bytes.subarray(start + from, start + to)).buffer))
  }
  return parameters
}

function tensorsOf({ weights, biases, scale, running, inputs, units }: ModelLayer, index: number): Tensor[] {
  const layer = (name: string, values: Float32Array, shape = [units]) => ({
    name: `layers.${index}.${name}`,
    shape,
    values
  })
  const norm = (name: string, values: Float32Array) => ({ name: `norms.${index}.${name}`, shape: [units], values })
  return [
    layer('weight', weights, [units, inputs]),
    layer('bias', biases),
    ...(scale ? [norm('weight', scale.gain), norm('bias', scale.shift)] : []),
    ...(running ? [norm('running_mean', running.mean), norm('running_var', running.variance)] : [])
  ]
}
