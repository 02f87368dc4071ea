/** Vitest's global setup: tests run the real kernels, so they are compiled first where they are stale. */
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'

export default function buildKernels() {
  const script = resolve(import.meta.dirname, '../src-main/launch/wasm.mjs')
  const result = spawnSync(process.execPath, [script], { stdio: ['ignore', 'inherit', 'inherit'] })
  if (result.status !== 0) throw new Error('The kernels could not be compiled.')
}
