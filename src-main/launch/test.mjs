/**
 * `npm test`: all that CI asks, from a fresh clone on: install, format, lint, types, layers, build, tests, browser tests.
 * Ends with `N passed, N failed, N skipped`; a failed check counts as one failed.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt, ensureInstalled, nodePath, packageBin, root, runNode } from './setup.mjs'
import { findChromium, installTestTools } from './test-tools.mjs'

const counts = { passed: 0, failed: 0, skipped: 0 }
const reports = join(root, 'out', 'reports')

/** The line that ends a part: how it went, and how long it took. */
function endLine(title, code, start) {
  return `== ${title}: ${code === 0 ? 'ok' : 'FAILED'}, ${((performance.now() - start) / 1000).toFixed(1)} s\n`
}

async function step(title, work) {
  const start = performance.now()
  process.stdout.write(`\n== ${title}\n`)
  const code = await work()
  process.stdout.write(endLine(title, code, start))
  return code
}

/**
 * Runs checks two at a time, since each keeps one core busy; what a check says is shown when it has ended, so that
 * none writes into another's lines.
 * @param {[title: string, args: string[]][]} checks the longest first
 */
async function runChecks(checks) {
  const waiting = [...checks]
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [title, args] = next
      const start = performance.now()
      const { code, text } = await outputOf(args)
      process.stdout.write(`\n== ${title}\n${text}${endLine(title, code, start)}`)
      if (code !== 0) counts.failed++
    }
  }
  await Promise.all([worker(), worker()])
}

/** Runs a script under our Node and keeps what it writes. */
function outputOf(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(nodePath(), args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part) => (text += part))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, text }))
  })
}

/** Runs a test runner that writes a JSON report, and adds what the report counts; no report counts as a failure. */
async function tests(title, report, args, env, count) {
  rmSync(report, { force: true })
  const code = await step(title, () => runNode(args, { env }))
  const before = counts.failed
  if (existsSync(report)) count(JSON.parse(readFileSync(report, 'utf8')))
  if (code !== 0 && counts.failed === before) counts.failed++
}

await ensureInstalled()
mkdirSync(reports, { recursive: true })

await runChecks([
  ['types', ['src-main/launch/types.mjs']],
  // Apart from the renderer, which has a program of its own: two processes share the work.
  ['lint of all else', [packageBin('eslint'), '.', '--ignore-pattern', 'src-renderer/', '--max-warnings', '0']],
  ['lint of the renderer', [packageBin('eslint'), 'src-renderer', '--max-warnings', '0']],
  ['format', [packageBin('prettier'), '--check', '.', '--log-level', 'warn']],
  ['build', ['src-main/launch/build.mjs']],
  [
    'layers',
    [
      packageBin('dependency-cruiser', 'depcruise'),
      '--config',
      '.dependency-cruiser.cjs',
      'src-engine',
      'src-main',
      'src-renderer'
    ]
  ]
])
// Nothing to do, or the end where it could not be built: then there is nothing to test.
await ensureBuilt()

installTestTools()
// For the component tests, which are tests of their own, and for the browser tests of the whole app.
const chromium = await findChromium()
const browser = chromium ? { CHROMIUM_PATH: chromium } : {}
const unitReport = join(reports, 'unit.json')
await tests(
  'tests',
  unitReport,
  [packageBin('vitest'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${unitReport}`],
  browser,
  (report) => {
    counts.passed += report.numPassedTests
    counts.failed += report.numFailedTests
    counts.skipped += report.numPendingTests + report.numTodoTests
  }
)

const browserReport = join(reports, 'e2e.json')
await tests(
  'browser tests',
  browserReport,
  [packageBin('@playwright/test', 'playwright'), 'test', '--reporter=list,json'],
  { PLAYWRIGHT_JSON_OUTPUT_NAME: browserReport, ...browser },
  ({ stats }) => {
    counts.passed += stats.expected + stats.flaky
    counts.failed += stats.unexpected
    counts.skipped += stats.skipped
  }
)

process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`)
process.exit(counts.failed === 0 ? 0 : 1)
