/**
 * Measuring and prediction on request, on a thread of their own, so that neither runs nor control wait for them.
 * Data and arena of a request are in the shared memory only while it is being answered.
 */
import { type Allocator } from '#engine/process/allocator.ts'
import { allocateOrThrow, type LoadPart } from '#engine/process/datasets.ts'
import type { FromEngine, MatrixFile, ToEngine } from '#engine/process/protocol.ts'
import type { ThreadHandle, Threads } from '#engine/process/threads.ts'
import type { MeasureMessage, ThreadMessage } from '#engine/process/thread-protocol.ts'
import { expectInputs } from '#engine/process/checks.ts'
import { outputLayer, type Topology } from '#engine/network/topology.ts'
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
}

export interface MeasuringOptions {
  readonly memory: WebAssembly.Memory
  readonly allocator: Allocator
  readonly loadPart: LoadPart
  readonly threads: Threads
}

const floatBytes = Float32Array.BYTES_PER_ELEMENT

/** Creates the service; its thread starts with the first request. */
export function createMeasuring({ memory, allocator, loadPart, threads }: MeasuringOptions): Measuring {
  const waiting = new Map<number, PromiseWithResolvers<ThreadMessage>>()
  let thread: ThreadHandle | null = null

  function startThread(): ThreadHandle {
    return threads.start({
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
  }

  function ask(message: MeasureMessage): Promise<ThreadMessage> {
    const request = Promise.withResolvers<ThreadMessage>()
    waiting.set(message.requestId, request)
    thread ??= startThread()
    thread.post(message)
    return request.promise
  }

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
    { topology, plan, parameters, dataset, part }: Request<'evaluate'> | Request<'permute'>,
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

  async function predictPart(
    requestId: number,
    topology: Topology,
    parameters: Float32Array,
    part: MatrixFile
  ): Promise<Answer<'predicted'>> {
    const loaded = await loadPart(part, topology.inputs)
    const outputCount = part.rows * outputLayer(topology).units
    try {
      return await withRegion(outputCount * floatBytes, `A prediction of ${part.rows} rows`, (outputs) =>
        withRegion(evaluationArenaBytes(topology), 'This network', async (arena) => {
          const places = { inputs: loaded.view.inputs, rows: part.rows, outputs: outputs.offset }
          const answer = await ask({
            type: 'predict',
            requestId,
            prediction: { arena, topology, parameters, ...places }
          })
          const seconds = answer.type === 'predicted' ? answer.seconds : 0
          return { type: 'predicted', requestId, outputs: floatsAt(outputs, outputCount).slice(), seconds }
        })
      )
    } finally {
      loaded.free()
    }
  }

  const floatsAt = ({ offset }: Region, length: number) => new Float32Array(memory.buffer, offset, length)

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

    async predict({ requestId, topology, parameters, inputs }) {
      if (!(inputs instanceof Float32Array)) return predictPart(requestId, topology, parameters, inputs)
      const rows = inputs.length / topology.inputs
      if (!Number.isInteger(rows)) {
        throw new RangeError(`${inputs.length} numbers are no whole rows of ${topology.inputs} inputs.`)
      }
      const outputCount = rows * outputLayer(topology).units
      const outputsAt = Math.ceil(inputs.byteLength / 64) * 64
      return withRegion(outputsAt + outputCount * floatBytes, `A prediction of ${rows} rows`, (data) =>
        withRegion(evaluationArenaBytes(topology), 'This network', async (arena) => {
          floatsAt(data, inputs.length).set(inputs)
          const outputs = { offset: data.offset + outputsAt, bytes: outputCount * floatBytes }
          const places = { inputs: data.offset, rows, outputs: outputs.offset }
          const answer = await ask({
            type: 'predict',
            requestId,
            prediction: { arena, topology, parameters, ...places }
          })
          if (answer.type !== 'predicted') throw new Error(`A thread answered "${answer.type}" to "predict".`)
          return {
            type: 'predicted',
            requestId,
            outputs: floatsAt(outputs, outputCount).slice(),
            seconds: answer.seconds
          }
        })
      )
    }
  }
}
