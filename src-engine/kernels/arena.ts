/**
 * The map of a run's arena: which buffer lies where. Sizes only; program.ts writes the addresses into the programs.
 * Without training needs (prediction, measuring) there is no room for gradients, optimizer or order.
 */
import { padded, panelFloats, rowStride, transposedFloats } from '#engine/kernels/panels.ts'
import { activations } from '#engine/network/activations.ts'
import { type Layer, outputLayer, type Topology } from '#engine/network/topology.ts'

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
  const room = new Room(training?.guardBytes ?? 0)
  const threadCount = training?.threads ?? 1
  const programStride = Math.ceil(programBytes / alignment) * alignment
  room.take(programStride * threadCount)
  const sizes = sizesOf(topology)
  const values = takeValues(room, sizes)
  const best = training ? room.take(values.bytes) : 0
  const layers = takeLayers(room, sizes, values.layers, training)
  const chunk = training?.chunk ?? 0
  const capacity = Math.max(chunk, evaluationRows)
  const batchStride = padded(topology.inputs) * 4
  const batch = takeBatch(room, sizes, batchStride, capacity, training)
  const threads = Array.from({ length: threadCount }, (_, thread) => ({
    program: thread * programStride,
    ...takeThread(room, sizes, layers, batch, batchStride, thread, training)
  }))
  const outputs = outputLayer(topology).units
  return {
    layers,
    threads,
    programStride,
    weights: values.start,
    weightBytes: values.bytes,
    best,
    batchStride,
    order: room.floats(training?.rows ?? 0),
    rowWeights: training?.isWeighted ? room.floats(training.rows) : 0,
    classWeights: training?.isWeighted ? room.floats(padded(outputs)) : 0,
    predicted: training ? room.floats(capacity * outputs) : 0,
    capacity,
    gaps: room.gaps,
    bytes: room.bytes
  }
}

/** Hands out one buffer behind the other, each from a whole line of the cache on. */
class Room {
  readonly gaps: { offset: number; bytes: number }[] = []
  readonly #guardBytes: number
  bytes = 0

  constructor(guardBytes: number) {
    this.#guardBytes = guardBytes
  }

  take(size: number): number {
    const offset = this.bytes
    this.bytes += Math.ceil((size + this.#guardBytes) / alignment) * alignment
    if (this.bytes > offset + size) this.gaps.push({ offset: offset + size, bytes: this.bytes - offset - size })
    return offset
  }

  /** A buffer of so many floats; 0, which is none, for no float. */
  floats(count: number): number {
    return count === 0 ? 0 : this.take(count * 4)
  }
}

/** Counts of floats of a layer's buffers: its panels, gain and shift, and a row of its outputs. */
interface LayerSize {
  readonly layer: Layer
  readonly inputs: number
  readonly units: number
  readonly weightFloats: number
  readonly pair: number
  readonly stride: number
}

function sizesOf(topology: Topology): LayerSize[] {
  return topology.layers.map((layer, index) => {
    const inputs = index === 0 ? topology.inputs : (topology.layers[index - 1]?.units ?? 0)
    const pair = layer.normalisation ? 2 * padded(layer.units) : 0
    const weightFloats = panelFloats(inputs, layer.units)
    return { layer, inputs, units: layer.units, weightFloats, pair, stride: rowStride(layer.units) }
  })
}

type Values = Pick<LayerMap, 'weights' | 'gain' | 'running'>

/** What a network is made of, side by side, so that it is copied as one. */
function takeValues(room: Room, sizes: readonly LayerSize[]) {
  const start = room.bytes
  const layers: Values[] = sizes.map(({ weightFloats, pair, layer }) => ({
    weights: room.floats(weightFloats),
    gain: room.floats(pair),
    running: room.floats(layer.normalisation === 'batch' ? pair : 0)
  }))
  return { start, bytes: room.bytes - start, layers }
}

function takeLayers(
  room: Room,
  sizes: readonly LayerSize[],
  values: readonly Values[],
  training: TrainingNeeds | null
): LayerMap[] {
  const states = training?.states ?? 0
  return sizes.map(({ layer, inputs, units, weightFloats, pair, stride }, index) => ({
    inputs,
    units,
    normalisation: layer.normalisation ?? null,
    weightFloats,
    ...(values[index] ?? { weights: 0, gain: 0, running: 0 }),
    state1: states > 0 ? room.floats(weightFloats) : 0,
    state2: states > 1 ? room.floats(weightFloats) : 0,
    gainState1: states > 0 ? room.floats(pair) : 0,
    gainState2: states > 1 ? room.floats(pair) : 0,
    transposed: training && index > 0 ? room.floats(transposedFloats(inputs, units)) : 0,
    quiet: training ? room.floats(padded(units)) : 0,
    stride: stride * 4
  }))
}

/** Buffers of the rows of a whole batch. */
interface BatchMap {
  readonly inputs: number
  readonly targets: number
  readonly weights: number
  readonly layers: readonly Pick<
    LayerBuffers,
    'output' | 'delta' | 'derivative' | 'normalised' | 'inverse' | 'gradient'
  >[]
}

function takeBatch(
  room: Room,
  sizes: readonly LayerSize[],
  batchStride: number,
  capacity: number,
  training: TrainingNeeds | null
): BatchMap {
  const chunk = training?.chunk ?? 0
  const inputs = room.take(chunk * batchStride)
  const targets = room.floats(chunk)
  const weights = training?.isWeighted ? room.floats(chunk) : 0
  // One thread is through with a layer before it writes the next gradient but one; several need all until they have met.
  const deltaFloats = chunk * Math.max(...sizes.map((size) => size.stride))
  const deltas = (training?.threads ?? 1) === 1 ? [room.floats(deltaFloats), room.floats(deltaFloats)] : []
  const layers = sizes.map(({ layer, pair, stride, weightFloats }, index) => ({
    output: room.floats(capacity * stride),
    delta: deltas[index % 2] ?? room.floats(chunk * stride),
    derivative: training && keepsDerivative(layer) ? room.floats(chunk * stride) : 0,
    normalised: training && pair > 0 ? room.floats(chunk * stride) : 0,
    inverse: pair > 0 ? room.floats(Math.max(padded(layer.units), capacity)) : 0,
    gradient: training?.keepsGradients && !training.addsGradients ? room.floats(weightFloats) : 0
  }))
  return { inputs, targets, weights, layers }
}

/** Whether a layer's derivatives are kept: where its outputs alone do not tell them. */
function keepsDerivative({ activation, dropout = 0 }: Layer): boolean {
  return dropout > 0 || !activations[activation].derivativeFromOutput
}

/** What a thread sees of all that, and what it has of its own. */
function takeThread(
  room: Room,
  sizes: readonly LayerSize[],
  layers: readonly LayerMap[],
  batch: BatchMap,
  batchStride: number,
  thread: number,
  training: TrainingNeeds | null
): Omit<ThreadMap, 'program'> {
  const { chunk = 0, threads = 1, addsGradients = false } = training ?? {}
  // Two panels at once where vectors have 256 bits.
  const largestPanels = Math.max(...sizes.map((size) => panelFloats(size.inputs, 16)))
  // Threads share the rows of a batch, or else the units: then each has all inputs, and its own output layer.
  const sharesUnits = threads > 1 && !addsGradients
  const firstRow = sharesUnits ? 0 : thread * Math.ceil(chunk / threads)
  const panelRoom = training && !training.keepsGradients ? room.floats(largestPanels) : 0
  const fromRow = (buffer: number, rowBytes: number) => (buffer === 0 ? 0 : buffer + firstRow * rowBytes)
  const ofThread = (buffer: number, rowBytes: number) =>
    buffer > 0 && sharesUnits && thread > 0 ? room.take(chunk * rowBytes) : fromRow(buffer, rowBytes)
  const copy = (buffer: number, count: number) =>
    buffer > 0 && addsGradients && thread > 0 ? room.floats(count) : buffer
  return {
    panelSum: addsGradients ? room.floats(largestPanels) : 0,
    batchInputs: ofThread(batch.inputs, batchStride),
    batchTargets: ofThread(batch.targets, 4),
    batchWeights: ofThread(batch.weights, 4),
    layers: layers.map((layer, index) => {
      const { inputs, units, normalisation, weightFloats, stride } = layer
      const buffers = batch.layers[index]
      const rows = index === layers.length - 1 ? ofThread : fromRow
      return {
        output: rows(buffers?.output ?? 0, stride),
        delta: rows(buffers?.delta ?? 0, stride),
        derivative: rows(buffers?.derivative ?? 0, stride),
        normalised: fromRow(buffers?.normalised ?? 0, stride),
        // Batch normalisation has one number a unit, and a single thread.
        inverse: fromRow(buffers?.inverse ?? 0, normalisation === 'layer' ? 4 : 0),
        gradient: addsGradients ? room.floats(weightFloats) : buffers?.gradient || panelRoom,
        gainGradient: training ? room.floats(sizes[index]?.pair ?? 0) : 0,
        weights: copy(layer.weights, weightFloats),
        state1: copy(layer.state1, weightFloats),
        state2: copy(layer.state2, weightFloats),
        transposed: copy(layer.transposed, transposedFloats(inputs, units))
      }
    })
  }
}
