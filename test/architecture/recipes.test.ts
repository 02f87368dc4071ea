/**
 * The recipes of src-engine/README.md, "How to add": they name all files that something new of a kind touches, the compiler
 * refuses what is forgotten of them, and what they make is right.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { filesWithErrors, textOf } from '#test/architecture/recipes/compile.ts'
import { type Change, recipes } from '#test/architecture/recipes/recipes.ts'

const root = resolve(import.meta.dirname, '../..')
const changes = Object.values(recipes).flat()
const filesOf = (list: readonly Change[]) => [...new Set(list.map(({ file }) => file))]

/** What the tables of names decide; the kernels are in another language. */
const compiled = [
  'src-engine/globals.d.ts',
  'src-engine/kernels/program.ts',
  'src-engine/kernels/reference/activations.ts',
  'src-engine/kernels/reference/losses.ts',
  'src-engine/training/optimizers.ts',
  'src-engine/training/schedules.ts',
  'src-engine/training/trainer.ts',
  'src-main/models/activations.ts',
  'test/architecture/recipes/references.ts'
]

/** The text of the files that some changes touch, with the changes. */
function changed(list: readonly Change[]): Map<string, string> {
  const texts = new Map<string, string>()
  for (const { file, before, text } of list) {
    const parts = (texts.get(file) ?? textOf(file)).split(before)
    expect(parts, `"${before}" in ${file}`).toHaveLength(2)
    texts.set(file, parts.join(text + before))
  }
  return texts
}

test('the README names the files of each recipe, and no others', () => {
  const [, section = ''] = textOf('src-engine/README.md').split('## How to add\n')
  const told = Object.fromEntries(
    [...section.matchAll(/^\*\*(.+?)\*\*[^\n]*\n\n((?:- .*\n(?: {2}.*\n)*)+)/gm)].map(([, kind = '', list = '']) => [
      kind,
      [...list.matchAll(/^- `([^`]+)`/gm)].map(([, file = '']) => file)
    ])
  )
  for (const [kind, list] of Object.entries(recipes)) expect(told[kind], kind).toEqual(filesOf(list))
})

test('the compiler refuses a row that is alone in its table', () => {
  const rows = Object.values(recipes).flatMap(([row]) => row ?? [])
  expect(filesWithErrors(compiled, changed(rows))).toEqual([
    'src-engine/kernels/program.ts',
    'src-engine/kernels/reference/activations.ts',
    'src-engine/kernels/reference/losses.ts',
    'src-engine/training/optimizers.ts',
    'src-main/models/activations.ts',
    'test/architecture/recipes/references.ts'
  ])
  expect(filesWithErrors(compiled, changed(changes))).toEqual([])
})

/** Lays out a copy of the engine with all changes, without kernels; returns its folder. */
function changedCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), 'recipes-'))
  onTestFinished(() => rmSync(copy, { recursive: true }))
  for (const path of ['package.json', 'src-engine', 'test/unit/engine/support.ts', 'test/architecture/recipes']) {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    cpSync(join(root, path), join(copy, path), { recursive: true })
  }
  for (const [path, text] of changed(changes)) {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    writeFileSync(join(copy, path), text)
  }
  mkdirSync(join(copy, kernels, '..'), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction')
  return copy
}

const kernels = 'out/wasm/kernels.wasm'

function buildKernels(folder: string): void {
  const source = ['src-engine/kernels/assembly/index.ts', '--outFile', kernels, '-O0', '--noAssert']
  const memory = ['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536']
  const language = ['--enable', 'simd,threads,relaxed-simd', '--runtime', 'stub']
  const compiler = join(root, 'node_modules', 'assemblyscript', 'bin', 'asc.js')
  execFileSync(process.execPath, [compiler, ...source, ...memory, ...language], { cwd: folder })
}

/** Trains in a copy; returns the largest distance from the references. */
function distanceIn(folder: string): number {
  return Number(
    execFileSync(process.execPath, ['test/architecture/recipes/check.ts'], { cwd: folder, encoding: 'utf8' })
  )
}

test('what the recipes make computes what its references say, and with the kernels of before it does not', () => {
  const copy = changedCopy()
  cpSync(join(root, kernels), join(copy, kernels))
  expect(distanceIn(copy)).toBeGreaterThan(0.01)
  buildKernels(copy)
  expect(distanceIn(copy)).toBeLessThan(1e-6)
})
