/**
 * `npm run bench`: every case of cases.json with us and with each peer that is installed, in turn, round by round, so
 * that what else the machine does falls on all alike. Prints medians and ratios, and writes out/bench.json, after each
 * case, so that one that is stopped keeps what it has measured.
 * Everyone uses the whole machine the best way it has: one run on all cores, or one run a core side by side.
 * With --known-tables FOLDER it does what known-tables.ts says in place of the cases.
 * Options: --cases a,b  --rounds 5  --seconds 2  --no-peers  --sweep (that of sweep.ts, in place of the cases)
 *   --peers-dir FOLDER   a folder outside the repository in which `npm install @tensorflow/tfjs
 *                        @tensorflow/tfjs-backend-wasm` was run; TensorFlow.js is left out without it
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, release } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { type Case, cases, casesPath, flopsPerSample, problemOf } from '#test/bench/cases.ts'
import { type Measuring, peak } from '#test/bench/ours.ts'
import { measureKnownTables } from '#test/bench/known-tables.ts'
import { measureSweep } from '#test/bench/sweep.ts'

const { values: options } = parseArgs({
  options: {
    cases: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    'no-peers': { type: 'boolean', default: false },
    'peers-dir': { type: 'string' },
    sweep: { type: 'boolean', default: false },
    'known-tables': { type: 'string' },
    only: { type: 'string' },
    write: { type: 'boolean', default: false }
  }
})
if (options['known-tables'] !== undefined) {
  const only = options.only?.split(',') ?? null
  measureKnownTables({ folder: resolve(options['known-tables']), only, writes: options.write })
  process.exit(0)
}
const rounds = Number(options.rounds)
const seconds = Number(options.seconds)
const cores = availableParallelism()

/** A way of training a case; gives samples a second of all its parts together. */
interface Contender {
  readonly name: string
  readonly isOurs: boolean
  readonly measure: (benchCase: Case) => Promise<number>
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle) - 1] ?? NaN)) / 2
}

function ours(name: string, runs: number, threads: number): Contender {
  const one = (benchCase: Case) =>
    new Promise<number>((resolveRate, reject) => {
      const workerData: Measuring = { benchCase, seconds, threads }
      const worker = new Worker(resolve(import.meta.dirname, 'ours.ts'), { workerData })
      worker.once('message', resolveRate)
      worker.once('error', reject)
    })
  return {
    name,
    isOurs: true,
    measure: async (benchCase) => sum(await Promise.all(Array.from({ length: runs }, () => one(benchCase))))
  }
}

/** Debian's own Python first: its packages are not for a Python that was installed beside it. */
const python = ['/usr/bin/python3', 'python3', 'python'].find((command) => spawnSync(command, ['-V']).status === 0)

const hasPython = (name: string) => python !== undefined && spawnSync(python, ['-c', `import ${name}`]).status === 0

/** What the peers say that they are: name and version. */
const versions = new Set<string>()

/** One peer in its three ways; `command` and `script` are run in `folder` for each measurement. */
function peers(name: string, command: string, script: string, folder = process.cwd()): Contender[] {
  const one = (benchCase: Case, threads: number) =>
    new Promise<number>((resolveRate, reject) => {
      const args = [resolve(import.meta.dirname, 'peers', script), casesPath, benchCase.id, `${threads}`, `${seconds}`]
      const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
      let output = ''
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
      child.on('error', reject)
      child.on('close', (code) => {
        if (code !== 0) return reject(new Error(`${script} ended with ${code}.`))
        const answer = JSON.parse(output) as { peer: string; samplesPerSecond: number }
        versions.add(answer.peer)
        resolveRate(answer.samplesPerSecond)
      })
    })
  const contender = (how: string, runs: number, threads: number): Contender => ({
    name: `${name} ${how}`,
    isOurs: false,
    measure: async (benchCase) => sum(await Promise.all(Array.from({ length: runs }, () => one(benchCase, threads))))
  })
  return [
    contender('1 thread', 1, 1),
    contender(`${cores} threads`, 1, cores),
    contender(`${cores} processes`, cores, 1)
  ]
}

function installedPeers(): Contender[] {
  if (options['no-peers']) return []
  const folder = options['peers-dir']
  return [
    ...(python && hasPython('torch') ? peers('torch', python, 'torch_peer.py') : []),
    ...(python && hasPython('sklearn') ? peers('sklearn', python, 'sklearn_peer.py') : []),
    ...(folder ? peers('tfjs', process.execPath, 'tfjs_peer.mjs', resolve(folder)) : [])
  ]
}

const single = 'ours 1 thread'
const onAllCores = `ours ${cores} threads`
const sideBySide = `ours ${cores} runs`
const contenders = [ours(single, 1, 1), ours(onAllCores, 1, cores), ours(sideBySide, cores, 1), ...installedPeers()]
const chosen = options.sweep ? [] : cases.filter(({ id }) => !options.cases || options.cases.split(',').includes(id))
const report: object[] = []
let sweep: Awaited<ReturnType<typeof measureSweep>> | null = null
const machine = { cpu: cpus()[0]?.model, cores, platform: process.platform, release: release(), node: process.version }

/** Writes what is measured so far. */
function store(): void {
  const out = resolve(import.meta.dirname, '../../out')
  mkdirSync(out, { recursive: true })
  const result = { machine, peers: [...versions], rounds, seconds, cases: report, sweep }
  writeFileSync(resolve(out, 'bench.json'), JSON.stringify(result, null, 2))
}

for (const benchCase of chosen) {
  const rates = new Map<string, number[]>(contenders.map(({ name }) => [name, []]))
  const peaks: number[] = []
  for (let round = 0; round < rounds; round++) {
    peaks.push(peak())
    for (const { name, measure } of contenders) rates.get(name)?.push(await measure(benchCase))
  }
  const medians = contenders.map(({ name, isOurs }) => ({ name, isOurs, rate: median(rates.get(name) ?? []) }))
  const best = (isOurs: boolean) => Math.max(...medians.filter((entry) => entry.isOurs === isOurs).map((e) => e.rate))
  const rateOf = (wanted: string) => medians.find(({ name }) => name === wanted)?.rate ?? NaN
  const alone = rateOf(single)
  const flops = flopsPerSample(problemOf(benchCase).topology)
  const entry = {
    case: benchCase.id,
    /** null where no peer is installed. */
    ratio: medians.every((one) => one.isOurs) ? null : best(true) / best(false),
    peakShare: (alone * flops) / median(peaks),
    /** One run on all cores against one on one, and what each of the runs side by side loses against one alone. */
    speedUp: rateOf(onAllCores) / alone,
    sideBySideLoss: 1 - rateOf(sideBySide) / (cores * alone),
    peakGflops: median(peaks) / 1e9,
    medians: Object.fromEntries(medians.map(({ name, rate }) => [name, Math.round(rate)])),
    rounds: Object.fromEntries(rates)
  }
  report.push(entry)
  store()
  const lines = medians.map(
    ({ name, rate }) => `  ${name.padEnd(22)}${Math.round(rate).toLocaleString('en').padStart(14)}`
  )
  const ratio = entry.ratio === null ? '' : `, ${entry.ratio.toFixed(1)}x the fastest peer`
  process.stdout.write(
    `${benchCase.id}: samples a second, medians of ${rounds}${ratio}; one thread at ` +
      `${(entry.peakShare * 100).toFixed(0)} % of its peak of ${entry.peakGflops.toFixed(0)} GFLOP/s, ` +
      `${cores} threads ${entry.speedUp.toFixed(2)}x one, side by side ${(entry.sideBySideLoss * 100).toFixed(0)} % lost\n${lines.join('\n')}\n`
  )
}
if (options.sweep) {
  sweep = await measureSweep(cores, options['no-peers'] || !hasPython('sklearn') ? undefined : python)
  const { peer } = sweep
  process.stdout.write(
    `sweep: ${sweep.trials} runs of ${sweep.epochs} epochs in ${sweep.secondsOurs.toFixed(1)} s, mean accuracy ` +
      `${sweep.accuracyOurs.toFixed(3)}` +
      (peer
        ? `; ${peer.peer} ${peer.seconds.toFixed(1)} s and ${peer.accuracy.toFixed(3)}: ` +
          `${(peer.seconds / sweep.secondsOurs).toFixed(1)}x as long\n`
        : '\n')
  )
  if (peer) versions.add(peer.peer)
  store()
}
