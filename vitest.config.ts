import { svelte } from '@sveltejs/vite-plugin-svelte'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { chromium as playwrightChromium } from '@playwright/test'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

/** Tests of the window's state, which have no page. */
const ofTheWindow = 'test/unit/renderer/**/*.test.ts'

/** The browser of the component tests: the one that is named, Debian's, or the one that Playwright has fetched before. */
const chromium = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium-headless-shell', '/usr/bin/chromium']
  .concat(playwrightChromium.executablePath())
  .find((path) => path && existsSync(path))
const provider = chromium && (await import('@vitest/browser-playwright').catch(() => null))
if (!provider) process.stderr.write('No Chromium to run them in: the component tests are skipped.\n')

/** The packages that the files below a folder import, by the names that they import. */
function packagesOf(folder: string): string[] {
  const files = readdirSync(resolve(import.meta.dirname, folder), { recursive: true, encoding: 'utf8' })
  const texts = files
    .filter((name) => /\.(ts|svelte)$/.test(name))
    .map((name) => readFileSync(resolve(import.meta.dirname, folder, name), 'utf8'))
  const imports = texts.flatMap((text) => [...text.matchAll(/^\s*import (?!type )[^;']*? from '([^#.'][^']*)'/gm)])
  return [...new Set(imports.flatMap(([, name]) => name ?? []))]
}

/** Parts of the window, each mounted in a browser. */
const components = provider && {
  extends: true as const,
  // All packages of the page, bundled before the first test: one found later would come with a second Svelte.
  optimizeDeps: { include: [...packagesOf('src-renderer'), ...packagesOf('src-main/contract')], noDiscovery: true },
  test: {
    name: 'components',
    include: ['test/components/**/*.test.ts'],
    setupFiles: ['test/svelte-warnings.ts', 'test/components/leave-after-each.ts'],
    testTimeout: 15_000,
    expect: { poll: { timeout: 5000 } },
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: provider.playwright({ launchOptions: { executablePath: chromium } }),
      viewport: { width: 1000, height: 700 },
      instances: [{ browser: 'chromium' as const }]
    }
  }
}

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
      },
      ...(components ? [components] : [])
    ]
  }
})
