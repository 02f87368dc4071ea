/**
 * The map of a run's arena: which buffer lies where. Sizes only; kernels.ts writes the addresses into the programs.
 * Without training needs (prediction, measuring) there is no room for gradients, optimizer or order.
 */
import { padded, panelFloats, rowStride, transposedFloats } from '#engine/kernels/panels.ts'
import type { Topology } from '#engine/network/topology.ts'

/** What training needs on top of a forward pass. */
export interface TrainingNeeds {
  /** Rows of the training part. */
  readonly rows: number
  /** Most rows that go through the network at once, all threads together. */
  readonly chunk: number
  readonly threads: number
  /** Whether gradients are kept in full until the whole batch is done. */
  readonly keepsGradients: boolean
  /**
   * Whether each thread keeps those of its own rows, to be added up once a batch, and its own copy of the weights; with
   * several threads only.
   */
  readonly addsGradients: boolean
  /** Running values of the optimizer a weight: 0, 1 or 2. */
  readonly states: number
  /** Whether rows count differently. */
  readonly isWeighted: boolean
  /** Bytes left free behind every buffer; 0 but in tests, which see whether anything writes there. */
  readonly guardBytes: number
}

/**
 * What one thread needs of a layer; byte offsets in the arena, 0 for what is not there (programs are at 0).
 * Buffers of rows are those of the whole batch, from the thread's first row on.
 */
export interface LayerBuffers {
  readonly output: number
  readonly delta: number
  readonly derivative: number
  readonly normalised: number
  readonly inverse: number
  readonly gradient: number
  readonly gainGradient: number
  readonly weights: number
  readonly state1: number
  readonly state2: number
  readonly transposed: number
}

export interface ThreadMap {
  readonly program: number
  /** Room for the sum of all threads' gradients of one panel, where each has its own. */
  readonly panelSum: number
  readonly batchInputs: number
  readonly batchTargets: number
  readonly batchWeights: number
  readonly layers: readonly LayerBuffers[]
}

/** What a layer has once: what all threads share, and of what each has a copy where gradients are added up, the leader's. */
export interface LayerMap {
  readonly inputs: number
  readonly units: number
  readonly normalisation: 'batch' | 'layer' | null
  readonly weights: number
  readonly weightFloats: number
  /** Gain and shift, padded each. */
  readonly gain: number
  /** Running mean and variance, padded each. */
  readonly running: number
  readonly state1: number
  readonly state2: number
  readonly gainState1: number
  readonly gainState2: number
  readonly transposed: number
  readonly quiet: number
  /** Bytes from one row of outputs to the next. */
  readonly stride: number
}

export interface ArenaMap {
  readonly bytes: number
  readonly layers: readonly LayerMap[]
  readonly threads: readonly ThreadMap[]
  readonly programStride: number
  /** All layers' weights, gains and running values side by side. */
  readonly weights: number
  readonly weightBytes: number
  /** A copy of them: the best so far. */
  readonly best: number
  readonly batchStride: number
  readonly order: number
  readonly rowWeights: number
  /** One a class, padded; only where rows are weighted. */
  readonly classWeights: number
  /** Outputs of the rows that were predicted last, side by side; only with training needs. */
  readonly predicted: number
  /** Rows that the buffers hold. */
  readonly capacity: number
  /** The stretches that belong to no buffer: alignment and guards. */
  readonly gaps: { readonly offset: number; readonly bytes: number }[]
}

/** Rows that go through at once where nothing is trained: enough to use each panel well, few enough to stay in cache. */
export const evaluationRows = 128

const alignment = 64

/** Lays out the arena of a topology. `programBytes` is the room of one thread's program. */
export function mapArena(topology: Topology, programBytes: number, training: TrainingNeeds | null): ArenaMap {
  let bytes = 0
  const gaps: { offset: number; bytes: number }[] = []
  const take = (size: number) => {
    const offset = bytes
    bytes += Math.ceil((size + (training?.guardBytes ?? 0)) / alignment) * alignment
    if (bytes > offset + size) gaps.push({ offset: offset + size, bytes: bytes - offset - size })
    return offset
  }
  const floats = (count: number) => (count === 0 ? 0 : take(count * 4))
  const threadCount = training?.threads ?? 1
  const programStride = Math.ceil(programBytes / alignment) * alignment
  take(programStride * threadCount)

  const sizes = topology.layers.map((layer, index) => {
    const inputs = index === 0 ? topology.inputs : (topology.layers[index - 1]?.units ?? 0)
    const pair = layer.normalisation ? 2 * padded(layer.units) : 0
    const weightFloats = panelFloats(inputs, layer.units)
    return { layer, inputs, units: layer.units, weightFloats, pair, stride: rowStride(layer.units) }
  })
  const states = training?.states ?? 0
  const start = bytes
  const values = sizes.map(({ weightFloats, pair, layer }) => ({
    weights: floats(weightFloats),
    gain: floats(pair),
    running: floats(layer.normalisation === 'batch' ? pair : 0)
  }))
  const weightBytes = bytes - start
  const best = training ? take(weightBytes) : 0
  const layers = sizes.map(({ layer, inputs, units, weightFloats, pair, stride }, index) => ({
    inputs,
    units,
    normalisation: layer.normalisation ?? null,
    weights: values[index]?.weights ?? 0,
    weightFloats,
    gain: values[index]?.gain ?? 0,
    running: values[index]?.running ?? 0,
    state1: states > 0 ? floats(weightFloats) : 0,
    state2: states > 1 ? floats(weightFloats) : 0,
    gainState1: states > 0 ? floats(pair) : 0,
    gainState2: states > 1 ? floats(pair) : 0,
    transposed: training && index > 0 ? floats(transposedFloats(inputs, units)) : 0,
    quiet: training ? floats(padded(units)) : 0,
    stride: stride * 4
  }))

  const batchStride = padded(topology.inputs) * 4
  const chunk = training?.chunk ?? 0
  const share = Math.ceil(chunk / threadCount)
  const capacity = Math.max(chunk, evaluationRows)
  // Two panels at once where vectors have 256 bits.
  const largestPanels = Math.max(...sizes.map((size) => panelFloats(size.inputs, 16)))
  const batchInputs = take(chunk * batchStride)
  const batchTargets = floats(chunk)
  const batchWeights = training?.isWeighted ? floats(chunk) : 0
  // One thread is through with a layer before it writes the next gradient but one; several need all until they have met.
  const deltaFloats = chunk * Math.max(...sizes.map((size) => size.stride))
  const deltas = threadCount === 1 ? [floats(deltaFloats), floats(deltaFloats)] : []
  const rowBuffers = sizes.map(({ layer, pair, stride }, index) => ({
    output: floats(capacity * stride),
    delta: deltas[index % 2] ?? floats(chunk * stride),
    derivative: training && keepsDerivative(layer) ? floats(chunk * stride) : 0,
    normalised: training && pair > 0 ? floats(chunk * stride) : 0,
    inverse: pair > 0 ? floats(Math.max(padded(layer.units), capacity)) : 0,
    gradient: training?.keepsGradients && !training.addsGradients ? floats(sizes[index]?.weightFloats ?? 0) : 0
  }))
  // Threads share the rows of a batch, or else the units: then each has all inputs, and its own output layer.
  const sharesUnits = threadCount > 1 && !training?.addsGradients
  const threads = Array.from({ length: threadCount }, (_, thread) => {
    const panelRoom = training && !training.keepsGradients ? floats(largestPanels) : 0
    const fromRow = (buffer: number, rowBytes: number) =>
      buffer === 0 || sharesUnits ? buffer : buffer + thread * share * rowBytes
    const ofThread = (buffer: number, rowBytes: number) =>
      buffer > 0 && sharesUnits && thread > 0 ? take(chunk * rowBytes) : fromRow(buffer, rowBytes)
    const copy = (buffer: number, count: number) =>
      buffer > 0 && training?.addsGradients && thread > 0 ? floats(count) : buffer
    return {
      program: thread * programStride,
      panelSum: training?.addsGradients ? floats(largestPanels) : 0,
      batchInputs: ofThread(batchInputs, batchStride),
      batchTargets: ofThread(batchTargets, 4),
      batchWeights: ofThread(batchWeights, 4),
      layers: rowBuffers.map((buffers, index) => {
        const { stride = 0, pair = 0, weightFloats = 0, inputs = 0, units = 0, layer } = sizes[index] ?? {}
        const { weights = 0, state1 = 0, state2 = 0, transposed = 0 } = layers[index] ?? {}
        const rows = index === sizes.length - 1 ? ofThread : fromRow
        return {
          output: rows(buffers.output, stride * 4),
          delta: rows(buffers.delta, stride * 4),
          derivative: rows(buffers.derivative, stride * 4),
          normalised: fromRow(buffers.normalised, stride * 4),
          // Batch normalisation has one number a unit, and a single thread.
          inverse: fromRow(buffers.inverse, layer?.normalisation === 'layer' ? 4 : 0),
          gradient: training?.addsGradients ? floats(weightFloats) : buffers.gradient || panelRoom,
          gainGradient: training ? floats(pair) : 0,
          weights: copy(weights, weightFloats),
          state1: copy(state1, weightFloats),
          state2: copy(state2, weightFloats),
          transposed: copy(transposed, transposedFloats(inputs, units))
        }
      })
    }
  })
  return {
    layers,
    threads,
    programStride,
    weights: start,
    weightBytes,
    best,
    batchStride,
    order: floats(training?.rows ?? 0),
    rowWeights: training?.isWeighted ? floats(training.rows) : 0,
    classWeights: training?.isWeighted ? floats(padded(topology.layers.at(-1)?.units ?? 0)) : 0,
    predicted: training ? floats(capacity * (topology.layers.at(-1)?.units ?? 0)) : 0,
    capacity,
    gaps,
    bytes
  }
}

/** Whether a layer's derivatives are kept, because its outputs alone do not tell them (see kernels' activation.ts). */
function keepsDerivative(layer: Topology['layers'][number]): boolean {
  return (layer.dropout ?? 0) > 0 || ['gelu', 'silu', 'softplus'].includes(layer.activation)
}
