/**
 * Kills labs in the midst of their work and looks at what is left; run with `node test/bench/kills.ts [kills] [seed]`
 * (100 and 1 where they are left out). Half of the kills hit a run in training: all that was shown is stored, and resumed it
 * ends with the curves and the bits of one that nobody killed. The others hit commands: an import, an export, a prediction, a
 * bundle. After each, the next start leaves no stray, and `check` finds nothing. The same seed draws the same kills; where they
 * fall depends on the machine.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { Random } from '#engine/random.ts'
import { metricColumns } from '#engine/training/metrics.ts'
import type { ContractClient } from '#contract/contract.ts'
import { createLab, type Lab } from '#lab/lab.ts'
import {
  curveOf,
  ringsExperiment,
  servicesOf,
  startRuns,
  waitForStatus,
  weightBits
} from '#test/integration/lab/support.ts'

const root = resolve(import.meta.dirname, '../..')
const [kills = 100, seed = 1] = process.argv.slice(2).map(Number)
const random = new Random(seed)
const epochs = 1500
const folder = mkdtempSync(join(tmpdir(), 'kills-'))
const open = (lab: string): Promise<Lab> => createLab(lab, servicesOf({ engines: [], errors: [] }))

/** What tells a run apart from another; times are as they come. */
async function outcome(client: ContractClient, runId: number) {
  const { topology, bestEpoch, train, validation } = await client.runs.get({ runId })
  const columns = metricColumns('classification', topology).filter(
    (name) => !['seconds', 'samplesPerSecond'].includes(name)
  )
  const curves = await Promise.all(columns.map((name) => curveOf(client, runId, name)))
  const bits = await Promise.all((['best', 'last'] as const).map((which) => weightBits(client, runId, which)))
  return JSON.stringify([bestEpoch, train, validation, curves, bits.map((each) => [...each])])
}

/** A lab with a finished run, which commands work on, and what that run came to. */
async function makeBase(): Promise<{ lab: string; wanted: string }> {
  const lab = join(folder, 'base')
  const opened = await open(lab)
  const experiment = await ringsExperiment(opened.client, folder)
  const [run] = await startRuns(opened.client, experiment, epochs)
  await waitForStatus(opened.client, run?.id ?? 0, 'done')
  const wanted = await outcome(opened.client, run?.id ?? 0)
  await opened.close()
  return { lab, wanted }
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null
  child.kill('SIGKILL')
  await gone
}

/** Problems after a kill of a process that trains. */
async function killTraining(own: string, wanted: string): Promise<string[]> {
  const until = 30 + random.below(epochs - 100)
  const script = join(root, 'test', 'integration', 'lab', 'training-process.ts')
  const child = fork(script, [own, String(epochs)], { stdio: ['ignore', 'pipe', 'ignore', 'ipc'] })
  let runId = 0
  let shown: number[] = []
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    const said = JSON.parse(line) as { runId?: number; shown?: number[] }
    runId = said.runId ?? runId
    shown = said.shown ?? shown
    if (shown.length >= until) break
  }
  await kill(child)
  const lab = await open(own)
  try {
    const { client } = lab
    const stored = await curveOf(client, runId, 'validationLoss')
    const lost = shown.findIndex((value, epoch) => stored[epoch] !== value)
    const { status } = await client.runs.get({ runId })
    if (status !== 'done') await client.runs.resume({ runId })
    await waitForStatus(client, runId, 'done')
    return [
      ...(lost >= 0 ? [`epoch ${lost + 1} was shown and is not stored`] : []),
      ...((await outcome(client, runId)) === wanted ? [] : ['its run ended with other figures, curves or weights']),
      ...(await problemsOf(lab, own))
    ]
  } finally {
    await lab.close()
  }
}

const commands = ['import', 'export', 'predict', 'transfer'] as const

/** Problems after a kill of a command. */
async function killCommand(base: string, own: string, beside: string): Promise<string[]> {
  const command = commands[random.below(commands.length)] ?? 'import'
  cpSync(base, own, { recursive: true })
  const many = join(folder, 'many.csv')
  const args = {
    import: [many],
    export: ['1', '--format', 'onnx', '--out', join(beside, 'net.onnx')],
    predict: ['1', many, '--out', join(beside, 'out.csv')],
    transfer: ['rings: ring', '--to', 'bundle', '--out', join(beside, 'rings.toplab')]
  }[command]
  const child = spawn(process.execPath, [join(root, 'src-main', 'cli', 'main.ts'), command, ...args, '--lab', own], {
    stdio: 'ignore'
  })
  await pause(150 + random.below(1500))
  await kill(child)
  const lab = await open(own)
  try {
    const strays = readdirSync(beside).filter((name) => name.startsWith('.'))
    return [...strays.map((name) => `${command} has left ${name}`), ...(await problemsOf(lab, own))]
  } finally {
    await lab.close()
  }
}

async function problemsOf({ client }: Lab, own: string): Promise<string[]> {
  const { findings } = await client.host.check()
  const strays = readdirSync(own).filter((name) => /\.tmp$|^uploads$|^downloads$/.test(name))
  // A copy of a lab has the rights of a copy.
  const found = findings.filter(({ kind }) => kind !== 'rights')
  return [...found.map(({ what }) => what), ...strays.map((name) => `${name} is left in the lab`)]
}

const lines = Array.from(
  { length: 60_000 },
  (_, row) => `${Math.sin(row)},${Math.cos(row)},${row % 2 ? 'inner' : 'outer'}`
)
writeFileSync(join(folder, 'many.csv'), ['x,y,ring', ...lines].join('\n'))
let failed = 0
try {
  const { lab: base, wanted } = await makeBase()
  for (let number = 1; number <= kills; number++) {
    const beside = mkdtempSync(join(folder, 'beside-'))
    const own = join(beside, 'lab')
    const isTraining = number % 2 === 1
    const problems = await (isTraining ? killTraining(own, wanted) : killCommand(base, own, beside))
    failed += problems.length > 0 ? 1 : 0
    process.stdout.write(`kill ${number}, ${isTraining ? 'training' : 'command'}: ${problems.join('; ') || 'well'}\n`)
    rmSync(beside, { recursive: true, force: true })
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(`${kills - failed} of ${kills} kills left nothing lost, nothing changed and nothing behind.\n`)
process.exitCode = failed === 0 ? 0 : 1
