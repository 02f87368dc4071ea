/**
 * Vectors of 256 bits for the kernels. WebAssembly's have 128; V8 has a pass that joins two neighbouring operations into
 * one of twice the width where the processor has AVX2, off by default because it is young. That the kernels come to the
 * same bits with it is tested on their whole code (test/unit/engine/training/wide-vectors.test.ts), and the V8 that
 * compiles them is the one of the pinned `node` package.
 */
import { existsSync, readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import type { TileRows } from '#engine/kernels/kernels.ts'

/**
 * Turns the pass on for all kernels that this process compiles from now on, in all its threads; returns the tile that
 * suits. Electron's V8 is another one, with which it was not measured: it keeps vectors of 128 bits.
 */
export function joinVectors(): TileRows {
  if (process.arch !== 'x64' || 'electron' in process.versions || lacksWideVectors()) return 6
  setFlagsFromString('--experimental-wasm-revectorize')
  return 8
}

/** Whether the processor is known to have no AVX2, as some of before 2013: tiles of 8 rows would only be slower there. */
function lacksWideVectors(): boolean {
  const facts = '/proc/cpuinfo'
  return existsSync(facts) && !/\bavx2\b/.test(readFileSync(facts, 'utf8'))
}
