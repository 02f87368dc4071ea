import { svelte } from '@sveltejs/vite-plugin-svelte'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

/** Tests of the window's state, which have no page. */
const ofTheWindow = 'test/unit/renderer/**/*.test.ts'

export default defineConfig({
  plugins: [svelte({ configFile: resolve(import.meta.dirname, 'src-renderer/svelte.config.js') })],
  resolve: { conditions: ['browser', 'node'] },
  test: {
    globalSetup: ['test/build-kernels.ts'],
    // Vitest leaves one core to the terminal, which on two cores is half of the machine.
    maxWorkers: availableParallelism(),
    // The processes that tests start run TypeScript from its files: what Node makes of these is kept, half of their start.
    env: { NODE_COMPILE_CACHE: resolve(import.meta.dirname, 'out/.compile-cache') },
    // No test leaves anything behind that the next file would meet; a process a file costs a minute in all.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'lab',
          include: ['test/{unit,contract,integration,security,architecture,golden,desktop}/**/*.test.ts'],
          exclude: [ofTheWindow]
        }
      },
      {
        extends: true,
        test: {
          name: 'window',
          include: [ofTheWindow],
          environment: './test/client-environment.ts',
          setupFiles: ['test/svelte-warnings.ts']
        }
      }
    ]
  }
})
