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
 * The tile that suits this processor and V8. Electron's V8 is another one than Node's, with which the pass was not
 * measured: it keeps vectors of 128 bits.
 */
export function suitableTile(): TileRows {
  return process.arch !== 'x64' || 'electron' in process.versions || lacksWideVectors() ? 6 : 8
}

/**
 * Turns the pass on where the tile wants it, for all kernels that this process compiles from now on, in all its threads.
 * Called by a thread once it is up: with the flag set, V8 takes its caches of Node's own code for those of another program,
 * and a thread needs 30 ms longer to start.
 */
export function joinVectors(tileRows: TileRows): void {
  if (tileRows === 8) setFlagsFromString('--experimental-wasm-revectorize')
}

/** Whether the processor is known to have no AVX2, as some of before 2013: tiles of 8 rows would only be slower there. */
function lacksWideVectors(): boolean {
  const facts = '/proc/cpuinfo'
  return existsSync(facts) && !/\bavx2\b/.test(readFileSync(facts, 'utf8'))
}
