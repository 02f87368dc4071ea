/**
 * `npm run bench:window`: what a person feels of the window on a long history, in a real browser on a real lab.
 * An empty lab is opened and a sample trained until its curves show; an experiment of 10,000 runs is opened and scrolled, 1,000 curves of 1,000 epochs are pointed at and zoomed, the
 * complexity of 2,000 and 10,000 runs is drawn, a surface is scrubbed and a row's prediction follows a slider.
 * Beside each figure stands what it should be. Frames come from requestAnimationFrame while the input goes on; the lab's
 * process tells the longest time its event loop stood still. Needs a build and Chromium (CHROMIUM_PATH or Playwright's);
 * a headless one draws in software, so a window with a graphics card is faster.
 * Each station of Foundations is opened, and its main control dragged.
 * Options: --only start,table,curves,complexity,understand,model,foundations  --headed
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { chromium, type Locator, type Page } from '@playwright/test'
import { stations, type StationSlug } from '#renderer/parts/foundations/stations.ts'
import { fillLab } from '#test/bench/fill-lab.ts'
import { root } from '#test/services.ts'

const { values: options } = parseArgs({
  options: { only: { type: 'string' }, headed: { type: 'boolean', default: false } }
})
const parts = options.only?.split(',') ?? [
  'start',
  'table',
  'curves',
  'complexity',
  'understand',
  'model',
  'foundations'
]

/** A frame at 60 a second, and from where on one was missed. */
const frameMs = 1000 / 60
const missedMs = 1.5 * frameMs

/** What the network says of a row: the class or the number, and the probabilities below it. */
const said = '.outcome, .outcome + table'

interface Served {
  readonly address: string
  /** Longest pause of the lab's event loop while `work` goes on, in milliseconds. */
  readonly longestPause: (work: () => Promise<unknown>) => Promise<number>
  readonly stop: () => Promise<void>
}

async function serve(folder: string): Promise<Served> {
  const probe = join(import.meta.dirname, 'loop-probe.ts')
  const cli = join(root, 'out', 'main', 'cli.js')
  const args = ['--import', `file://${probe}`, cli, 'serve', '--no-open', '--lab', folder]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  if (!child.stdout) throw new Error('The web host has no output.')
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const address = /http:\S+/.exec(line)?.[0]
  if (!address) throw new Error(`The web host did not start: ${line}`)
  const ask = async (): Promise<number> => {
    child.send('longest')
    const [longest] = (await once(child, 'message')) as [number]
    return longest
  }
  return {
    address,
    longestPause: async (work) => {
      await ask()
      await work()
      return ask()
    },
    stop: async () => {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
  }
}

/** Milliseconds between frames while `work` goes on. */
async function framesDuring(page: Page, work: () => Promise<unknown>): Promise<number[]> {
  await page.evaluate(() => {
    const times: number[] = []
    const note = (now: number) => {
      times.push(now)
      if (Reflect.get(window, 'noted') === times) requestAnimationFrame(note)
    }
    Reflect.set(window, 'noted', times)
    requestAnimationFrame(note)
  })
  await work()
  const times = await page.evaluate(() => {
    const noted = Reflect.get(window, 'noted') as number[]
    Reflect.set(window, 'noted', null)
    return noted
  })
  return times.slice(1).map((time, index) => time - (times[index] ?? time))
}

/** From the click on Complexity until its points are drawn, looked at each frame; in milliseconds. */
function timeOfComplexity(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const began = performance.now()
        document.querySelector<HTMLInputElement>('fieldset input[type=radio][value=complexity]')?.click()
        const look = () => {
          const isDrawn = document.querySelectorAll('section[aria-labelledby=complexity] svg circle').length > 20
          // The frame after has been drawn.
          requestAnimationFrame(isDrawn ? () => resolve(performance.now() - began) : look)
        }
        requestAnimationFrame(look)
      })
  )
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN
}

const lines: (readonly [what: string, measured: string, wanted: string])[] = []

function tell(what: string, measured: string, wanted: string): void {
  lines.push([what, measured, wanted])
  process.stdout.write(`${what.padEnd(52)} ${measured.padEnd(58)} ${wanted}\n`)
}

function tellFrames(what: string, intervals: readonly number[]): void {
  const missed = intervals.reduce((sum, each) => sum + (each > missedMs ? Math.round(each / frameMs) - 1 : 0), 0)
  const [median, late, longest] = [0.5, 0.95, 1].map((share) => quantile(intervals, share).toFixed(1))
  tell(
    what,
    `median ${median} ms, p95 ${late}, longest ${longest}; ${missed} of ${intervals.length + missed} missed`,
    'median and p95 17 ms'
  )
}

/** Chooses one of a few; the radio button itself is out of sight. */
const choose = (name: string) => page.getByRole('radio', { name, exact: true }).check({ force: true })

const pause = (page: Page) => page.waitForTimeout(300)

const folder = mkdtempSync(join(tmpdir(), 'topology-lab-window-'))
const [large = 0, middle = 0, small = 0] = await fillLab(folder, [
  { runs: 10_000, curves: 1000, epochs: 1000 },
  { runs: 2000, curves: 0, epochs: 50 },
  { runs: 0, curves: 0, epochs: 0 }
])
const lab = await serve(folder)
const browser = await chromium.launch({
  headless: !options.headed,
  ...(process.env['CHROMIUM_PATH'] ? { executablePath: process.env['CHROMIUM_PATH'] } : {})
})
const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
page.setDefaultTimeout(60_000)
let lastHeard = 0
page.on('websocket', (socket) => socket.on('framereceived', () => (lastHeard = performance.now())))
page.on('pageerror', (error) => process.stderr.write(`${error.stack ?? error.message}\n`))

/** Waits until the lab has told all there is. */
async function settled(): Promise<void> {
  do await page.waitForTimeout(500)
  while (performance.now() - lastHeard < 1500)
}

/** Opens a place in a page that has not seen the experiment; until a row of the table is there. */
async function open(experimentId: number): Promise<number> {
  await page.goto('about:blank')
  const began = performance.now()
  await page.goto(`${lab.address}#/experiments/${experimentId}`)
  await page.getByRole('treegrid').getByRole('row').nth(3).waitFor()
  return performance.now() - began
}

/** The main control of each station, dragged from end to end: a slider, or a point of its figure. */
const controls: Readonly<Record<StationSlug, { state?: string; slider?: string; grip?: string }>> = {
  'mcculloch-pitts': { slider: 'Units' },
  perceptron: { state: 'updates=6', grip: 'Point 1:' },
  adaline: { state: 'epochs=40', grip: 'Point 1:' },
  activations: { slider: 'Weighted sum z' },
  descent: { state: 'steps=40', grip: 'Point 1:' },
  saddle: { state: 'steps=100', grip: 'Start:' },
  sigmoid: { slider: 'First weight w' },
  graph: {},
  regions: { state: 'view=union', grip: 'Point 1:' },
  backprop: { state: 'phase=4', slider: 'Rate a' },
  stopping: { state: 'epochs=300', slider: 'Patience p' },
  trial: { state: 'seeds=1&steps=128', slider: 'Look at' },
  history: {}
}

try {
  if (parts.includes('start')) await measureStart()
  if (parts.includes('table')) await measureTable()
  if (parts.includes('curves')) await measureCurves()
  if (parts.includes('complexity')) await measureComplexity()
  if (parts.includes('foundations')) await measureFoundations()
  if (parts.includes('understand') || parts.includes('model')) await measureModel()
} finally {
  await browser.close()
  await lab.stop()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}

/** From the first look at an empty lab over a sample to the curves of its first run, as a person clicks. */
async function measureStart(): Promise<void> {
  const empty = mkdtempSync(join(tmpdir(), 'topology-lab-start-'))
  const fresh = await serve(empty)
  const began = performance.now()
  await page.goto(fresh.address)
  await page.getByRole('button', { name: /Iris/ }).click()
  await page.getByRole('button', { name: 'Create experiment' }).click()
  await page.getByRole('button', { name: 'Train' }).click()
  await page.getByRole('img', { name: /Lines of the Loss, now run 1: training \d/ }).waitFor()
  tell('First start, over a sample, to curves', `${(performance.now() - began).toFixed(0)} ms`, '10000 ms')
  await page.goto('about:blank')
  await fresh.stop()
  rmSync(empty, { recursive: true, force: true, maxRetries: 5 })
}

async function measureTable(): Promise<void> {
  let opened = 0
  let complete = 0
  const longest = await lab.longestPause(async () => {
    const began = performance.now()
    opened = await open(large)
    await page.getByRole('status').filter({ hasText: '10,000 runs' }).waitFor()
    complete = performance.now() - began
  })
  tell('10,000 runs: first rows', `${opened.toFixed(0)} ms, all ${complete.toFixed(0)} ms`, '2000 ms')
  tell('  longest pause of the lab', `${longest.toFixed(1)} ms`, '16 ms')
  for (const rows of ['Groups', 'Runs']) {
    await choose(rows)
    await pause(page)
    await page.getByRole('treegrid').hover({ position: { x: 200, y: 100 } })
    const frames = await framesDuring(page, async () => {
      for (let step = 0; step < 120; step++) await page.mouse.wheel(0, step % 20 === 19 ? -900 : 240)
    })
    tellFrames(`  scrolling ${rows.toLowerCase()}`, frames)
  }
  await choose('Groups')
}

async function measureCurves(): Promise<void> {
  await open(large)
  await page.getByRole('status').filter({ hasText: '10,000 runs' }).waitFor()
  await page.getByRole('combobox', { name: 'Tag' }).selectOption('curves')
  await page.getByRole('treegrid').focus()
  const ticked = performance.now()
  await page.keyboard.press('Control+a')
  await page.locator('.chart canvas').first().waitFor()
  await page.waitForFunction(() => document.querySelector('#curves')?.parentElement?.textContent.includes('1000 runs'))
  await settled()
  tell('1,000 curves of 1,000 epochs: all there', `${(lastHeard - ticked).toFixed(0)} ms`, '')
  const box = await page.locator('.chart canvas').first().boundingBox()
  if (!box) throw new Error('There is no chart.')
  const at = (share: number) => [box.x + box.width * (0.15 + 0.7 * share), box.y + box.height / 2] as const
  const hovering = await framesDuring(page, async () => {
    for (let step = 0; step < 120; step++) await page.mouse.move(...at((step % 60) / 60))
  })
  tellFrames('  pointing', hovering)
  await page.mouse.move(...at(0.5))
  await page.keyboard.down('Control')
  const zooming = await framesDuring(page, async () => {
    for (let step = 0; step < 60; step++) await page.mouse.wheel(0, step % 20 < 10 ? -100 : 100)
  })
  await page.keyboard.up('Control')
  tellFrames('  zooming', zooming)
  await choose('Mean of seeds')
  await page.waitForTimeout(2000)
  const means = await framesDuring(page, async () => {
    for (let step = 0; step < 120; step++) await page.mouse.move(...at((step % 60) / 60))
  })
  tellFrames('  pointing, mean of seeds', means)
  await choose('Each run')
}

async function measureComplexity(): Promise<void> {
  for (const [experimentId, runs] of [
    [middle, '2,000'],
    [large, '10,000']
  ] as const) {
    await open(experimentId)
    await page
      .getByRole('status')
      .filter({ hasText: `${runs} runs` })
      .waitFor()
    await page.waitForTimeout(1000)
    for (const visit of ['first', 'second']) {
      let drawn = 0
      const longest = await lab.longestPause(async () => {
        drawn = await timeOfComplexity(page)
        await pause(page)
      })
      tell(`Complexity of ${runs} runs, ${visit} time`, `${drawn.toFixed(0)} ms`, '300 ms (2,000 runs)')
      tell('  longest pause of the lab', `${longest.toFixed(1)} ms`, '16 ms')
      await choose('Curves')
      await pause(page)
    }
  }
}

async function measureModel(): Promise<void> {
  await page.goto(`${lab.address}#/experiments/${small}`)
  await page.getByRole('button', { name: 'Train' }).click()
  const row = page.getByRole('treegrid').getByRole('row').nth(1)
  await row.getByText('Done').waitFor()
  const runId = /\d+/.exec(await row.innerText())?.[0]
  if (parts.includes('understand')) {
    await choose('Understand')
    const slider = page.getByRole('slider', { name: 'Epoch' })
    await slider.focus()
    await page.waitForTimeout(1500)
    const answers = await timesOf(page, 'canvas', slider.getAttribute('max').then(Number))
    tell('Surface of Understand: from key to drawn', answers, 'a frame where feasible: 20 ms')
  }
  if (parts.includes('model')) {
    await page.goto(`${lab.address}#/models/${runId}`)
    await (await movingSlider(page)).focus()
    await page.waitForTimeout(1500)
    const answers = await timesOf(page, 'text', Promise.resolve(40))
    tell('Prediction of a row: from key to outputs', answers, '50 ms')
  }
}

/** From the click on a station to its first picture, looked at each frame; in milliseconds. */
function timeOfStation(slug: string): Promise<number> {
  return page.evaluate(
    (name) =>
      new Promise<number>((resolve) => {
        const began = performance.now()
        document.querySelector<HTMLAnchorElement>(`a[href="#/foundations/${name}"]`)?.click()
        const look = () => {
          const isDrawn = document.querySelector('article .figure svg') !== null
          requestAnimationFrame(isDrawn ? () => resolve(performance.now() - began) : look)
        }
        requestAnimationFrame(look)
      }),
    slug
  )
}

async function measureFoundations(): Promise<void> {
  for (const { slug, title } of stations) {
    await page.goto(`${lab.address}#/foundations`)
    await page.getByRole('heading', { level: 1, name: 'Foundations' }).waitFor()
    await pause(page)
    tell(`${title}: first picture`, `${(await timeOfStation(slug)).toFixed(0)} ms`, '300 ms')
    const { state, slider, grip } = controls[slug]
    if (!slider && !grip) continue
    if (state) await page.goto(`${lab.address}#/foundations/${slug}/${state}`)
    const control = slider
      ? page.getByRole('slider', { name: slider, exact: true }).first()
      : page.getByRole('button', { name: new RegExp(`^${grip ?? ''}`) })
    await control.waitFor()
    // What the address asks for has been made up for.
    await page.waitForTimeout(1500)
    const box = await control.boundingBox()
    if (!box) throw new Error(`${title} has no ${slider ?? grip ?? 'control'}.`)
    const middle = [box.x + box.width / 2, box.y + box.height / 2] as const
    const reach = slider ? box.width / 2 - 6 : 60
    await page.mouse.move(...middle)
    await page.mouse.down()
    const frames = await framesDuring(page, async () => {
      for (let step = 0; step < 120; step++) {
        const turn = (2 * Math.PI * step) / 60
        await page.mouse.move(middle[0] + reach * Math.sin(turn), middle[1] + (slider ? 0 : reach * Math.sin(2 * turn)))
      }
    })
    await page.mouse.up()
    tellFrames(`  dragging ${slider ?? grip?.replace(':', '').toLowerCase() ?? ''}`, frames)
  }
}

/** A slider that what is said follows as it is written, in three digits, between its two ends. */
async function movingSlider(page: Page): Promise<Locator> {
  await page.locator('.outcome').waitFor()
  for (const slider of await page.getByRole('slider').all()) {
    const written: string[] = []
    for (const end of ['min', 'max']) {
      await slider.fill((await slider.getAttribute(end)) ?? '0')
      await page.waitForTimeout(300)
      written.push((await page.locator(said).allInnerTexts()).join('\n'))
    }
    if (written[0] !== written[1]) return slider
  }
  throw new Error('No slider moves what the network says of the row.')
}

/** From a key on the slider in focus to the change it makes, on the canvas or in the text, key after key. */
async function timesOf(page: Page, kind: 'canvas' | 'text', steps: Promise<number>): Promise<string> {
  const times = await page.evaluate(
    async ([what, count, outcome]) => {
      const slider = document.activeElement as HTMLInputElement
      const measured: number[] = []
      let onDraw = (): void => undefined
      for (const name of ['putImageData', 'drawImage']) {
        const original = Reflect.get(CanvasRenderingContext2D.prototype, name) as (...args: unknown[]) => unknown
        const apply = (target: typeof original, self: unknown, args: unknown[]): unknown => {
          onDraw()
          return Reflect.apply(target, self, args)
        }
        Reflect.set(CanvasRenderingContext2D.prototype, name, new Proxy(original, { apply }))
      }
      const [low, high] = [Number(slider.min), Number(slider.max)]
      for (let step = 0; step < Math.min(40, count); step++) {
        const began = performance.now()
        const changed = new Promise<void>((resolve) => {
          onDraw = what === 'canvas' ? resolve : () => undefined
          if (what === 'canvas') return
          const observer = new MutationObserver(() => {
            observer.disconnect()
            resolve()
          })
          for (const element of document.querySelectorAll(outcome)) {
            observer.observe(element, { characterData: true, subtree: true, childList: true })
          }
        })
        slider.value = String(what === 'text' ? (step % 2 === 0 ? low : high) : step)
        slider.dispatchEvent(new Event('input', { bubbles: true }))
        await Promise.race([changed, new Promise((resolve) => setTimeout(resolve, 1000))])
        measured.push(performance.now() - began)
        await new Promise((resolve) => setTimeout(resolve, 30))
      }
      return measured
    },
    [kind, await steps, said] as const
  )
  const [median, late, longest] = [0.5, 0.95, 1].map((share) => quantile(times, share).toFixed(1))
  return `median ${median} ms, p95 ${late}, longest ${longest} of ${times.length}`
}
