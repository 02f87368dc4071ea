/**
 * Loads the kernel module and gives it types; the only file that knows its exports.
 * All instances share one memory and keep no state of their own: kernels are pure functions of pointers, and a run's
 * state is in its arena, behind the Program that program.ts opens on it.
 */

interface Exports {
  lead(program: number, pieces: number): void
  assist(program: number, milliseconds: number): number
  resumeSteps(program: number): void
  measure(program: number, inputs: number, targets: number, rows: number): void
  predict(program: number, inputs: number, rows: number, outputs: number, activation: number): void
  transposeAll(program: number): void
  spinMultiplyAdds(rounds: number, first: number, second: number): number
}

export interface Kernels {
  readonly memory: WebAssembly.Memory
  readonly exports: Exports
  readonly tileRows: TileRows
}

/** Most rows of a register tile: 8 suit vectors of 256 bits, 6 those of 128; every number is the same with either. */
export type TileRows = 6 | 8

/**
 * Instantiates the kernels over a shared memory.
 * Errors: WebAssembly's own LinkError where the memory is not shared.
 */
export function instantiateKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  tileRows: TileRows = 6
): Kernels {
  const abort = () => {
    throw new RangeError('A kernel stopped.')
  }
  const instance = new WebAssembly.Instance(module, { env: { memory, abort } })
  return { memory, exports: instance.exports as unknown as Exports, tileRows }
}

/**
 * Helps with runs that share their batches over threads: does what the leader asks of the program at this address, if
 * it asks within some milliseconds. Returns whether it did; the helper calls again until the run is over.
 */
export function assist(kernels: Kernels, address: number, milliseconds: number): boolean {
  return kernels.exports.assist(address, milliseconds) !== 0
}

/**
 * Measures the most multiply-adds that this thread can do.
 * Units: floating-point operations a second, the best of some stretches; `now` in milliseconds.
 */
export function measurePeak(kernels: Kernels, now: () => number): number {
  const rounds = 200_000
  // Long enough for V8 to have replaced its first, slow translation of the loop.
  const end = now() + 700
  let best = 0
  for (let start = now(); start < end;) {
    kernels.exports.spinMultiplyAdds(rounds, 0.999, 0.001)
    const then = now()
    best = Math.max(best, (rounds * 12 * 4 * 2) / ((then - start) / 1000))
    start = then
  }
  return best
}
