/** The rules of .dependency-cruiser.cjs over a small planted tree: reachability and circles, which ESLint can't see. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const trees: string[] = []

afterEach(() => trees.splice(0).forEach((tree) => rmSync(tree, { recursive: true })))

/** Lays files out as a project of their own and gives the names of the rules they break. */
function brokenRules(files: Record<string, string>): string[] {
  const tree = mkdtempSync(join(tmpdir(), 'layers-'))
  trees.push(tree)
  for (const name of [
    '.dependency-cruiser.cjs',
    'tsconfig.base.json',
    'package.json',
    'src-main/rooms.json',
    'src-engine/rooms.json'
  ]) {
    mkdirSync(dirname(join(tree, name)), { recursive: true })
    copyFileSync(join(root, name), join(tree, name))
  }
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'), 'junction')
  for (const [name, text] of Object.entries({ ...skeleton, ...files })) {
    mkdirSync(dirname(join(tree, name)), { recursive: true })
    writeFileSync(join(tree, name), text)
  }
  const command = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs')
  const args = [
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
    'src-engine',
    'src-main',
    'src-renderer'
  ]
  const { stdout, stderr } = spawnSync(process.execPath, [command, ...args], { cwd: tree, encoding: 'utf8' })
  if (!stdout.startsWith('{')) throw new Error(stderr)
  const { summary } = JSON.parse(stdout) as { summary: { violations: { rule: { name: string } }[] } }
  return [...new Set(summary.violations.map(({ rule }) => rule.name))].sort()
}

const skeleton = {
  'src-engine/network/topology.ts': 'export const layers = 1\n',
  'src-main/lab.ts': "import { layers } from '#engine/network/topology.ts'\nexport const lab = layers\n",
  'src-main/contract/contract.ts': "export { layers } from '#engine/network/topology.ts'\n",
  'src-main/desktop/main.ts': "import 'electron'\nimport '#lab/lab.ts'\n",
  'src-renderer/main.ts': "import '#contract/contract.ts'\n"
}

test('a tree that keeps the table breaks no rule', () => {
  expect(brokenRules({})).toEqual([])
})

test('each planted violation is found by the rule that is there for it', () => {
  const broken = brokenRules({
    'src-engine/network/a.ts': "import '#engine/network/b.ts'\nexport const a = 1\n",
    'src-engine/network/b.ts': "import '#engine/network/a.ts'\nexport const b = 1\n",
    'src-engine/network/impure.ts': "import 'zod'\n",
    'src-engine/process/worker.ts': "import 'node:fs'\n",
    'src-engine/kernels/kernels.ts': "import '#engine/training/plan.ts'\n",
    'src-engine/kernels/assembly/dense.ts':
      "import { kernels } from '../kernels'\n@inline\nexport function f(): void {}\n",
    'src-engine/training/plan.ts': 'export const plan = 1\n',
    'src-main/contract/leaf.ts': "import '#lab/lab.ts'\n",
    'src-main/experiments/query.ts': "import 'better-sqlite3'\nimport '@duckdb/node-api'\n",
    'src-main/lab.ts': "import '#lab/web/server.ts'\nexport const lab = 1\n",
    'src-main/sweeps/conductor.ts': "import '#lab/report/report.ts'\n",
    'src-main/report/report.ts': 'export const report = 1\n',
    'src-main/web/server.ts': "import '#lab/desktop/main.ts'\n",
    'src-main/cli/main.ts': "import 'electron'\n",
    'src-main/words/numbers.ts': "import '#lab/report/report.ts'\n",
    'src-renderer/state/run.ts': "import '#engine/kernels/kernels.ts'\n"
  })
  expect(broken).toEqual([
    'contract-is-a-leaf',
    'duckdb-in-datasets',
    'electron-in-desktop',
    'engine-is-pure',
    'engine-kernels',
    'engine-kernels-assembly',
    'engine-process',
    'lab-never-reaches-electron',
    'no-circles',
    'no-host-in-lab',
    'renderer-is-pixels',
    'rooms-of-contract',
    'rooms-of-sweeps',
    'rooms-of-web',
    'sqlite-in-store',
    'words-and-trials-are-leaves'
  ])
})
