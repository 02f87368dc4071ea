/** `npm run build:wasm`: compiles the kernels where they are stale. */
import { ensureInstalled, ensureKernels } from './setup.mjs'

await ensureInstalled()
await ensureKernels()
