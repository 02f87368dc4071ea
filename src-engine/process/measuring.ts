/**
 * Measuring and prediction on request, on a thread of their own, so that neither runs nor control wait for them.
 * Data and arena of a request are in the shared memory only while it is being answered.
 */
import { type Allocator } from '#engine/process/allocator.ts'
import { allocateOrThrow, type LoadPart } from '#engine/process/datasets.ts'
import type { FromEngine, MatrixFile, ToEngine } from '#engine/process/protocol.ts'
import type { ThreadHandle, Threads } from '#engine/process/threads.ts'
import type { SoloWork } from '#engine/process/solo-work.ts'
import type { MeasureMessage, SoloAnswer, ThreadMessage } from '#engine/process/thread-protocol.ts'
import { expectInputs } from '#engine/process/checks.ts'
import { outputLayer } from '#engine/network/topology.ts'
import { type Evaluation, evaluationArenaBytes } from '#engine/training/evaluation.ts'
import type { Region } from '#engine/training/network-arena.ts'

type Request<Type extends ToEngine['type']> = Extract<ToEngine, { type: Type }>
type Answer<Type extends FromEngine['type']> = Extract<FromEngine, { type: Type }>

export interface Measuring {
  /** Errors: rejects with a sentence where there is no room, the file can't be read or things do not fit together. */
  evaluate(request: Request<'evaluate'>): Promise<Answer<'evaluated'>>
  /** Errors: as evaluate(). */
  permute(request: Request<'permute'>): Promise<Answer<'permuted'>>
  /** Errors: as evaluate(). */
  predict(request: Request<'predict'>): Promise<Answer<'predicted'>>
  /** Measures a slice, on a thread of its own: it may take seconds. Errors: as evaluate(), and where it was cancelled. */
  slice(request: Request<'lossSlice'>): Promise<SoloAnswer>
}

export interface MeasuringOptions {
  readonly memory: WebAssembly.Memory
  readonly allocator: Allocator
  readonly loadPart: LoadPart
  readonly threads: Threads
  readonly work: SoloWork
}

const floatBytes = Float32Array.BYTES_PER_ELEMENT

/** Creates the service; its thread starts with the first request. */
export function createMeasuring({ memory, allocator, loadPart, threads, work }: MeasuringOptions): Measuring {
  const ask = createAsk(threads)

  async function withRegion<Result>(bytes: number, what: string, use: (region: Region) => Promise<Result>) {
    const region = allocateOrThrow(allocator, bytes, what)
    try {
      return await use(region)
    } finally {
      allocator.free(region)
    }
  }

  /** Loads the part and makes room for the network of a request, for as long as `use` takes. */
  async function withEvaluation<Result>(
    { topology, plan, parameters, dataset, part }: Request<'evaluate' | 'permute' | 'lossSlice'>,
    use: (evaluation: Omit<Evaluation, 'kernels'>) => Promise<Result>
  ): Promise<Result> {
    expectInputs(topology, dataset.inputs)
    const loaded = await loadPart(part, dataset.inputs)
    try {
      return await withRegion(evaluationArenaBytes(topology), 'This network', (arena) => {
        const { task, classes, targetScale } = dataset
        return use({ arena, topology, plan, parameters, part: loaded.view, task, classes, targetScale })
      })
    } finally {
      loaded.free()
    }
  }

  /** Lays inputs and outputs where `places` says; the network's arena is there while it is asked. */
  function predictAt(
    { requestId, topology, parameters, limits }: Request<'predict'>,
    places: { readonly inputs: number; readonly rows: number; readonly outputs: number }
  ): Promise<Answer<'predicted'>> {
    return withRegion(evaluationArenaBytes(topology), 'This network', async (arena) => {
      const prediction = { arena, topology, parameters, limits, ...places }
      const answer = await ask({ type: 'predict', requestId, prediction })
      if (answer.type !== 'predicted') throw new Error(`A thread answered "${answer.type}" to "predict".`)
      const outputs = floatsAt(places.outputs, places.rows * outputLayer(topology).units).slice()
      return { type: 'predicted', requestId, outputs, seconds: answer.seconds }
    })
  }

  async function predictPart(request: Request<'predict'>, part: MatrixFile): Promise<Answer<'predicted'>> {
    const { topology } = request
    const loaded = await loadPart(part, topology.inputs)
    const { rows } = part
    try {
      const outputBytes = rows * outputLayer(topology).units * floatBytes
      return await withRegion(outputBytes, `A prediction of ${rows} rows`, (outputs) =>
        predictAt(request, { inputs: loaded.view.inputs, rows, outputs: outputs.offset })
      )
    } finally {
      loaded.free()
    }
  }

  const floatsAt = (offset: number, length: number) => new Float32Array(memory.buffer, offset, length)

  return {
    evaluate: (request) =>
      withEvaluation(request, async (evaluation) => {
        const answer = await ask({ type: 'evaluate', requestId: request.requestId, evaluation })
        if (answer.type !== 'evaluated') throw new Error(`A thread answered "${answer.type}" to "evaluate".`)
        return answer
      }),

    permute: (request) =>
      withEvaluation(request, async (evaluation) => {
        const { requestId, groups, repeats, seed } = request
        const permutation = { groups, repeats, seed }
        const answer = await ask({ type: 'permute', requestId, evaluation, permutation })
        if (answer.type !== 'permuted') throw new Error(`A thread answered "${answer.type}" to "permute".`)
        return answer
      }),

    slice: (request) =>
      withEvaluation(request, (evaluation) => {
        const { requestId, slice } = request
        return work.run({ type: 'lossSlice', requestId, evaluation, slice })
      }),

    async predict(request) {
      const { topology, inputs } = request
      if (!(inputs instanceof Float32Array)) return predictPart(request, inputs)
      const rows = inputs.length / topology.inputs
      if (!Number.isInteger(rows)) {
        throw new RangeError(`${inputs.length} numbers are no whole rows of ${topology.inputs} inputs.`)
      }
      const outputsAt = Math.ceil(inputs.byteLength / 64) * 64
      const bytes = outputsAt + rows * outputLayer(topology).units * floatBytes
      return withRegion(bytes, `A prediction of ${rows} rows`, ({ offset }) => {
        floatsAt(offset, inputs.length).set(inputs)
        return predictAt(request, { inputs: offset, rows, outputs: offset + outputsAt })
      })
    }
  }
}

/** Asks a thread of its own, which starts with the first request; a request on a thread that dies is rejected. */
function createAsk(threads: Threads): (message: MeasureMessage) => Promise<ThreadMessage> {
  const waiting = new Map<number, PromiseWithResolvers<ThreadMessage>>()
  let thread: ThreadHandle | null = null

  const startThread = () =>
    threads.start({
      onMessage(answer) {
        if (!('requestId' in answer)) return
        const request = waiting.get(answer.requestId)
        waiting.delete(answer.requestId)
        if (answer.type === 'refused') request?.reject(new RangeError(answer.message))
        else request?.resolve(answer)
      },
      onLost(cause) {
        const lost = [...waiting.values()]
        waiting.clear()
        lost.forEach(({ reject }) => reject(new Error(`The thread that measured died and was replaced. ${cause}`)))
      }
    })

  return (message) => {
    const request = Promise.withResolvers<ThreadMessage>()
    waiting.set(message.requestId, request)
    thread ??= startThread()
    thread.post(message)
    return request.promise
  }
}
