/**
 * `node test/screens.ts FOLDER`: pictures of every station of Foundations in both themes at 1280 x 700, 1280 x 800 and
 * 1920 x 1080, to be looked at. Needs a build and Chromium (CHROMIUM_PATH or Playwright's).
 * Options: --only slug,slug  --themes light,dark  --sizes 1280x700,1280x800,1920x1080
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from '@playwright/test'
import { stations } from '#renderer/parts/foundations/stations.ts'
import { startWebLab } from '#test/e2e/lab.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    themes: { type: 'string', default: 'light,dark' },
    sizes: { type: 'string', default: '1280x700,1280x800,1920x1080' }
  }
})
const [folder] = positionals
if (!folder) throw new Error('Name a folder for the pictures.')

/** States in which a station shows something; others are as they open. */
const states: Readonly<Record<string, readonly string[]>> = {
  'mcculloch-pitts': [''],
  perceptron: ['set=xor&updates=14', 'updates=4'],
  adaline: ['epochs=60', 'part=madaline'],
  activations: ['', 'part=vanishing', 'part=softmax'],
  descent: ['steps=40&all=1', 'surface=1&steps=30'],
  saddle: [
    'of=himmelblau&steps=120',
    'surface=1&start=1.6,0.02&steps=90',
    'of=run&run=1&steps=60',
    'of=run&run=1&surface=1'
  ],
  sigmoid: [''],
  graph: [''],
  regions: ['', 'view=convex', 'view=union', 'view=fit&steps=1200', 'view=curve'],
  backprop: ['phase=4', 'of=run&run=1&phase=6'],
  stopping: ['epochs=400'],
  trial: ['steps=384&look=7'],
  history: ['at=6']
}

const lab = mkdtempSync(join(tmpdir(), 'topology-lab-screens-'))
const host = await startWebLab(lab)
const browser = await chromium.launch(
  process.env['CHROMIUM_PATH'] ? { executablePath: process.env['CHROMIUM_PATH'] } : {}
)
mkdirSync(folder, { recursive: true })

/** A run that stations can open: the sample XOR, trained as it comes. */
async function trainRun(): Promise<void> {
  const page = await browser.newPage()
  await page.goto(host.address())
  await page.getByRole('button', { name: /^XOR/ }).click()
  await page.getByRole('button', { name: 'Train', exact: true }).click()
  await page.getByText('done').first().waitFor()
  await page.close()
}

const only = values.only?.split(',')
try {
  await trainRun()
  for (const size of values.sizes.split(',')) {
    const [width = 1280, height = 800] = size.split('x').map(Number)
    for (const theme of values.themes.split(',')) {
      const page = await browser.newPage({
        viewport: { width, height },
        colorScheme: theme === 'dark' ? 'dark' : 'light'
      })
      page.on('pageerror', (error) => process.stderr.write(`${error.stack ?? error.message}\n`))
      await page.goto(`${host.address()}#/foundations`)
      await page.getByRole('heading', { level: 1, name: 'Foundations' }).waitFor()
      if (!only) await page.screenshot({ path: join(folder, `overview-${theme}-${size}.png`) })
      for (const { slug } of stations.filter((one) => only?.includes(one.slug) ?? true)) {
        for (const [index, state] of (states[slug] ?? ['']).entries()) {
          await page.evaluate((hash) => (location.hash = hash), `#/foundations/${slug}${state && `/${state}`}`)
          await page.getByRole('heading', { name: 'Try', exact: true }).waitFor()
          // What an address asks for is made up for in frames.
          await page.waitForTimeout(slug === 'trial' || state.includes('fit') ? 6000 : 500)
          await page.screenshot({ path: join(folder, `${slug}-${index + 1}-${theme}-${size}.png`) })
        }
      }
      await page.close()
    }
  }
} finally {
  await browser.close()
  await host.stop()
  rmSync(lab, { recursive: true, force: true, maxRetries: 5 })
}
