import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'electron-vite'
import { resolve } from 'node:path'
import license from 'rollup-plugin-license'

const at = (path: string) => resolve(import.meta.dirname, path)

/** The licences of what a bundle contains, as these ask for, in a file beside it. */
const notices = (bundle: string) => license({ thirdParty: { output: at(`out/${bundle}/third-party-licenses.txt`) } })

/**
 * Three bundles. Packages are bundled, cut down to what is used: to read hundreds of small files took most of the time of
 * a command of the CLI. Only those with compiled parts stay in node_modules; they alone are `dependencies` in package.json.
 * `main` has one named input per process entry, so that every entry has a stable path in out/main, and shared code is
 * bundled once; the engine is one file, as each of its threads reads it anew. The compiled kernels live in out/wasm, which
 * no build empties.
 */
export default defineConfig({
  main: {
    plugins: [notices('main')],
    build: {
      outDir: at('out/main'),
      rolldownOptions: {
        input: {
          desktop: at('src-main/desktop/main.ts'),
          cli: at('src-main/cli/main.ts'),
          'engine-entry': at('src-main/engine/entry.ts'),
          'reading-worker': at('src-main/datasets/import/worker.ts'),
          'bundle-worker': at('src-main/transfers/bundle/worker.ts'),
          'references-worker': at('src-main/selection/references/worker.ts'),
          'onnx-worker': at('src-main/models/onnx-import/worker.ts')
        },
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
          codeSplitting: { groups: [{ name: 'engine', test: /src-engine|src-main.engine.(platform|wide-vectors)/ }] }
        }
      }
    }
  },
  preload: {
    build: {
      outDir: at('out/preload'),
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: at('src-main/desktop/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' }
      }
    }
  },
  renderer: {
    root: at('src-renderer'),
    plugins: [svelte({ configFile: at('src-renderer/svelte.config.js') }), notices('renderer')],
    build: {
      outDir: at('out/renderer'),
      minify: 'oxc',
      // One page, loaded from this machine: splitting it would only add requests.
      chunkSizeWarningLimit: 2000,
      rolldownOptions: { input: at('src-renderer/index.html'), checks: { bundlerTimings: false } }
    }
  }
})
