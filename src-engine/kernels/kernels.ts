/**
 * Loads the kernel module and gives it types; the only file that knows its exports and offsets.
 * All instances share one memory and keep no state of their own: kernels are pure functions of pointers.
 */

export interface Kernels {
  readonly memory: WebAssembly.Memory
}
