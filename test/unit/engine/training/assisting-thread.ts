/** A thread that helps a run until it is told to end: what a thread of the engine process does for a leader. */
import { parentPort, workerData } from 'node:worker_threads'
import { assist, instantiateKernels } from '#engine/kernels/kernels.ts'

const { module, memory, address, over } = workerData as {
  module: WebAssembly.Module
  memory: WebAssembly.Memory
  address: number
  /** One word of its own, 1 once the run is over. */
  over: Int32Array
}
const kernels = instantiateKernels(module, memory)
parentPort?.postMessage('ready')
while (Atomics.load(over, 0) === 0) assist(kernels, address, 20)
