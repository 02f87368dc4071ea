/** The one global of the platform that the engine needs, without the types of Node or of a browser. */
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: SharedArrayBuffer
    /** Grows by pages of 64 KiB and returns the number of pages before. */
    grow(pages: number): number
  }
  type Module = object
  interface Instance {
    readonly exports: Readonly<Record<string, unknown>>
  }
  const Memory: new (options: { initial: number; maximum: number; shared: true }) => Memory
  const Module: new (bytes: Uint8Array) => Module
  const Instance: new (module: Module, imports: Record<string, Record<string, unknown>>) => Instance
}
