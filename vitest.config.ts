import { svelte } from '@sveltejs/vite-plugin-svelte'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [svelte({ configFile: resolve(import.meta.dirname, 'src-renderer/svelte.config.js') })],
  resolve: { conditions: ['browser', 'node'] },
  test: {
    include: ['test/{unit,contract,integration,security,architecture,golden,desktop}/**/*.test.ts'],
    globalSetup: ['test/build-kernels.ts'],
    // Vitest leaves one core to the terminal, which on two cores is half of the machine.
    maxWorkers: availableParallelism(),
    // The processes that tests start run TypeScript from its files: what Node makes of these is kept, half of their start.
    env: { NODE_COMPILE_CACHE: resolve(import.meta.dirname, 'out/.compile-cache') },
    // No test leaves anything behind that the next file would meet; a process a file costs a minute in all.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000
  }
})
