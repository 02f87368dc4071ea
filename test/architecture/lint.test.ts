/** The layer rules of eslint.config.js, each shown to catch what it is there for and to let pass what is allowed. */
import { ESLint } from 'eslint'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

// Only rules that need no types run here, so that the sources need not be checked as a whole.
const eslint = new ESLint({
  cwd: root,
  overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
  ruleFilter: ({ ruleId }) => ['no-restricted-imports', 'no-restricted-properties'].includes(ruleId)
})

async function problems(file: string, text: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: resolve(root, file) })
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message)
}

describe('an import that breaks the table of layers is an error', () => {
  test.each([
    ['src-engine/network/planted.ts', 'node:fs'],
    ['src-engine/network/planted.ts', 'zod'],
    ['src-engine/network/planted.ts', '#contract/runs.ts'],
    ['src-engine/network/planted.ts', '../../src-main/lab.ts'],
    ['src-engine/network/planted.ts', '#engine/training/plan.ts'],
    ['src-engine/kernels/planted.ts', '#engine/training/plan.ts'],
    ['src-engine/kernels/planted.ts', '#engine/kernels/assembly/dense.ts'],
    ['src-engine/kernels/assembly/planted.ts', '../program'],
    ['src-engine/kernels/assembly/planted.ts', '#engine/random.ts'],
    ['src-engine/kernels/assembly/planted.ts', 'node:fs'],
    ['src-engine/training/planted.ts', '#engine/process/pool.ts'],
    ['src-engine/planted.ts', '#engine/network/topology.ts'],
    ['src-engine/process/planted.ts', 'node:fs'],
    ['src-engine/process/planted.ts', 'electron'],
    ['src-main/contract/planted.ts', 'node:path'],
    ['src-main/contract/planted.ts', '#lab/lab.ts'],
    ['src-main/contract/planted.ts', '#engine/kernels/kernels.ts'],
    ['src-main/words/planted.ts', '#lab/lab.ts'],
    ['src-main/words/planted.ts', 'node:fs'],
    ['src-main/trials/planted.ts', '#engine/training/trainer.ts'],
    ['src-main/store/planted.ts', '@duckdb/node-api'],
    ['src-main/store/planted.ts', '#lab/datasets/duckdb.ts'],
    ['src-main/datasets/planted.ts', 'better-sqlite3'],
    ['src-main/datasets/planted.ts', '#lab/store/store.ts'],
    ['src-main/experiments/planted.ts', 'better-sqlite3'],
    ['src-main/experiments/planted.ts', 'ws'],
    ['src-main/experiments/planted.ts', '#lab/runs/runner.ts'],
    ['src-main/runs/planted.ts', '#lab/sweeps/conductor.ts'],
    ['src-main/models/planted.ts', '#lab/lab.ts'],
    ['src-main/planted.ts', 'electron'],
    ['src-main/planted.ts', '#lab/web/server.ts'],
    ['src-main/web/planted.ts', 'electron'],
    ['src-main/web/planted.ts', '#lab/store/store.ts'],
    ['src-main/cli/planted.ts', '#lab/datasets/duckdb.ts'],
    ['src-main/cli/planted.ts', '#lab/desktop/main.ts'],
    ['src-main/desktop/planted.ts', '#lab/runs/runner.ts'],
    ['src-main/desktop/planted.ts', '@duckdb/node-api'],
    ['src-renderer/state/planted.ts', 'node:fs'],
    ['src-renderer/state/planted.ts', 'electron'],
    ['src-renderer/state/planted.ts', '#lab/lab.ts'],
    ['src-renderer/state/planted.ts', '#engine/training/trainer.ts']
  ])('%s may not import %s', async (file, specifier) => {
    expect(await problems(file, `import '${specifier}'\n`)).toEqual(['no-restricted-imports'])
    // A type leads to the same tangle as a value.
    expect(await problems(file, `import type { X } from '${specifier}'\nexport type Y = X\n`)).toEqual([
      'no-restricted-imports'
    ])
  })
})

describe('an import that the table allows is none', () => {
  test.each([
    ['src-engine/network/planted.ts', '#engine/problem.ts'],
    ['src-engine/kernels/planted.ts', '#engine/kernels/assembly/layout.ts'],
    ['src-engine/kernels/assembly/planted.ts', './dense'],
    ['src-engine/kernels/assembly/planted.ts', '../../network/constants'],
    ['src-engine/training/planted.ts', '#engine/kernels/reference/metrics.ts'],
    ['src-engine/process/planted.ts', 'node:worker_threads'],
    ['src-main/contract/planted.ts', '#engine/network/topology.ts'],
    ['src-main/store/planted.ts', 'better-sqlite3'],
    ['src-main/datasets/planted.ts', '@duckdb/node-api'],
    ['src-main/web/planted.ts', 'ws'],
    ['src-main/web/planted.ts', '#lab/lab.ts'],
    ['src-main/runs/planted.ts', '#lab/experiments/run-view.ts'],
    ['src-main/desktop/planted.ts', 'electron'],
    ['src-main/words/planted.ts', '#contract/runs.ts'],
    ['src-main/sweeps/planted.ts', '#words/numbers.ts'],
    ['src-renderer/state/planted.ts', '#trials/measure.ts'],
    ['src-renderer/state/planted.ts', '#contract/runs.ts'],
    ['src-renderer/state/planted.ts', '#engine/training/plan.ts']
  ])('%s may import %s', async (file, specifier) => {
    expect(await problems(file, `import '${specifier}'\n`)).toEqual([])
  })
})

test('the kernels are linted although their decorators are no TypeScript', async () => {
  const kernel =
    "import { add } from '#engine/random.ts'\n// @ts-ignore: decorator\n@inline\nexport function f(): i32 { return 1 }\n"
  expect(await problems('src-engine/kernels/assembly/planted.ts', kernel)).toEqual(['no-restricted-imports'])
})

test('chance has one source, and the engine no clock', async () => {
  const chance = 'export const x = Math.random()\n'
  for (const folder of ['src-engine', 'src-main', 'src-renderer/state', 'test/unit']) {
    expect(await problems(`${folder}/planted.ts`, chance)).toEqual(['no-restricted-properties'])
  }
  const clock = 'export const x = Date.now() + performance.now()\n'
  expect(await problems('src-engine/planted.ts', clock)).toHaveLength(2)
  expect(await problems('src-main/planted.ts', clock)).toEqual([])
})
