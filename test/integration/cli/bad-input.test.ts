/** Bad input: one sentence on stderr that names the fault, exit 1, nothing on stdout, and the lab as it was. */
import Sqlite from 'better-sqlite3'
import { createHash } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Dataset } from '#contract/datasets.ts'
import { runCli, temporaryFolder } from '#test/integration/cli/run-cli.ts'
import { write, writeClasses } from '#test/integration/cli/tables.ts'

const files = temporaryFolder()
const lab = temporaryFolder()

beforeAll(async () => {
  expect((await runCli(['import', writeClasses(files), '--lab', lab])).code).toBe(0)
})

/** All that a lab holds: every row of every table of its store but SQLite's own counters, and the names of its other files. */
function contentOf(folder: string): unknown {
  const db = new Sqlite(join(folder, 'lab.sqlite'), { readonly: true })
  const names = db
    .prepare<[], string>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY name"
    )
    .pluck()
    .all()
  const rows = names.map((name) => [name, db.prepare(`SELECT * FROM "${name}"`).all()])
  db.close()
  return { rows, tables: readdirSync(join(folder, 'datasets')).sort() }
}

/** Runs a command that has to fail, and checks all that every failure has in common. */
async function failure(args: readonly string[], folder = lab): Promise<string> {
  const { code, stdout, stderr } = await runCli([...args, '--lab', folder, '--json'])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  const lines = stderr.trimEnd().split('\n')
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/^\S.{10,}[.?!]$|see: lab/)
  expect(stderr).not.toMatch(/nobody expected|unexpected(ly)? went|\bat .*:\d+:\d+|Error:|SQL|undefined|NaN\b/)
  return stderr
}

const rowsOf = (count: number, row: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => row(index))

describe('files that are no table', () => {
  const cases: [what: string, name: string, content: string | Uint8Array, sentence: RegExp][] = [
    ['an empty file', 'empty.csv', '', /empty\.csv.*empty/],
    ['a header only', 'header.csv', 'a,b,c\n', /header\.csv.*(no rows|header)/],
    ['ragged rows', 'ragged.csv', `a,b\n${'1,2\n'.repeat(40)}1,2,3\n${'1,2\n'.repeat(40)}`, /ragged\.csv.*42/],
    ['a picture renamed', 'picture.csv', pngBytes(), /picture\.csv/],
    ['a Parquet file that is none', 'broken.parquet', 'PAR1 and then nothing of the kind', /broken\.parquet/],
    ['JSON that breaks off', 'cut.json', '[{"a": 1}, {"a":', /cut\.json/]
  ]
  test.each(cases)('%s', async (_what, name, content, sentence) => {
    writeFileSync(join(files, name), content)
    const before = contentOf(lab)
    expect(await failure(['import', join(files, name)])).toMatch(sentence)
    expect(await failure(['train', join(files, name), '--target', 'a'])).toMatch(sentence)
    expect(contentOf(lab)).toEqual(before)
  })

  test('a path that is a folder, or not there', async () => {
    const before = contentOf(lab)
    mkdirSync(join(files, 'folder.csv'))
    expect(await failure(['import', join(files, 'folder.csv')])).toMatch(/folder/)
    expect(await failure(['import', join(files, 'missing.csv')])).toMatch(/missing\.csv/)
    expect(await failure(['train', join(files, 'folder.csv'), '--target', 'a'])).toMatch(/folder/)
    expect(contentOf(lab)).toEqual(before)
  })

  // Permissions do not hold back root.
  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'a file without the right to read',
    async () => {
      const path = write(files, 'private.csv', ['a,b', '1,2'])
      chmodSync(path, 0)
      expect(await failure(['import', path])).toMatch(/private\.csv.*(permission|read)/)
    }
  )
})

describe('tables that can not be trained on as asked', () => {
  const cases: [what: string, lines: string[], args: string[], sentence: RegExp][] = [
    ['a target that is no column', ['a,b', ...rowsOf(60, (i) => `${i},${i % 2}`)], ['--target', 'c'], /"c"/],
    ['a target with one class', ['a,b', ...rowsOf(60, (i) => `${i},yes`)], ['--target', 'b'], /"?b"?.*one/],
    ['a target that is missing throughout', ['a,b', ...rowsOf(60, (i) => `${i},`)], ['--target', 'b'], /"?b"?/],
    [
      'more classes than rows allow',
      ['a,b', ...rowsOf(60, (i) => `${i * 7},class${i}`)],
      ['--target', 'b', '--task', 'classification'],
      /"?b"?.*class/
    ],
    [
      'a number to predict that never changes',
      ['a,b', ...rowsOf(60, (i) => `${i},5`)],
      ['--target', 'b', '--task', 'regression'],
      /"?b"?/
    ],
    ['inputs of one value only', ['a,b', ...rowsOf(60, (i) => `1,${i % 2 ? 'x' : 'y'}`)], ['--target', 'b'], /input/],
    [
      'a column to ignore that is none',
      ['a,b', ...rowsOf(60, (i) => `${i},${i % 2}`)],
      ['--target', 'b', '--ignore', 'z'],
      /"z"/
    ],
    ['too few rows', ['a,b', '1,x', '2,y'], ['--target', 'b'], /row/],
    [
      'class weights for other classes',
      ['a,b', ...rowsOf(60, (i) => `${i % 7},${i % 2 ? 'x' : 'y'}`)],
      ['--target', 'b', '--class-weights', '1,2,3'],
      /one class weight for each of 2 classes; 3/
    ],
    [
      'class weights in a regression',
      ['a,b', ...rowsOf(60, (i) => `${i % 7},${i * 1.5}`)],
      ['--target', 'b', '--class-weights', 'balanced'],
      /leave them out/
    ],
    [
      'a target that is to be ignored',
      ['a,b', ...rowsOf(60, (i) => `${i},${i % 2 ? 'x' : 'y'}`)],
      ['--target', 'b', '--ignore', 'b'],
      /"b" is the target/
    ],
    [
      'a target that is to weigh rows',
      ['a,b', ...rowsOf(60, (i) => `${i},${i % 7}.5`)],
      ['--target', 'b', '--weight', 'b'],
      /"b" is the target/
    ]
  ]
  test.each(cases)('%s', async (_what, lines, args, sentence) => {
    const path = write(files, 'asked.csv', lines)
    const before = contentOf(lab)
    expect(await failure(['train', path, ...args, '--epochs', '2'])).toMatch(sentence)
    expect(contentOf(lab)).toEqual(before)
  })
})

test('an infinite number is missing, and told with its row and its column', async () => {
  const lines = ['a,b', ...rowsOf(60, (i) => `${i === 30 ? 'inf' : i},${i % 2 ? 'x' : 'y'}`)]
  const folder = join(temporaryFolder(), 'lab')
  const { code, stdout } = await runCli(['import', write(files, 'infinite.csv', lines), '--lab', folder, '--json'])
  expect(code).toBe(0)
  const { dataset } = JSON.parse(stdout) as { dataset: Dataset }
  expect(dataset.columns[0]).toMatchObject({ type: 'numeric', missing: 1 })
  expect(dataset.doubts.map(({ why }) => why)).toEqual([
    expect.stringMatching(/^Column "a": 1 of its values is infinite.*row 31\.$/)
  ])
})

test('30,000 columns are refused in a sentence', async () => {
  const names = rowsOf(30_000, (i) => `c${i}`)
  const path = write(files, 'wide.csv', [
    names.join(','),
    ...rowsOf(20, (r) => names.map((_, c) => (r * c) % 10).join(','))
  ])
  const before = contentOf(lab)
  expect(await failure(['import', path])).toMatch(/wide\.csv.*column/)
  expect(contentOf(lab)).toEqual(before)
})

describe('labs that can not be used are left as they are', () => {
  function copyOfLab(): string {
    const folder = join(temporaryFolder(), 'lab')
    cpSync(lab, folder, { recursive: true })
    return folder
  }

  const bytesOf = (folder: string) => {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
    const isFile = (name: string) => statSync(join(folder, name)).isFile() && !/owner|-shm$|-wal$/.test(name)
    return names.filter(isFile).map((name) => [name, hashOf(readFileSync(join(folder, name)))])
  }

  test('one from a newer version', async () => {
    const folder = copyOfLab()
    const db = new Sqlite(join(folder, 'lab.sqlite'))
    db.prepare('INSERT INTO migrations (name, applied_at) VALUES (?, ?)').run('9999_future.sql', 0)
    db.close()
    const before = bytesOf(folder)
    for (const args of [['runs'], ['import', join(files, 'clouds.csv')], ['serve', '--no-open']]) {
      expect(await failure(args, folder)).toMatch(/newer/)
    }
    expect(bytesOf(folder)).toEqual(before)
  })

  test.each([
    ['overwritten', (bytes: Buffer) => bytes.fill('x', 0, 4096)],
    ['cut off', (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2))],
    ['damaged inside', (bytes: Buffer) => bytes.fill(0xff, 4096, bytes.length)]
  ])('one whose lab.sqlite is %s', async (_how, damage) => {
    const folder = copyOfLab()
    const file = join(folder, 'lab.sqlite')
    rmSync(`${file}-wal`, { force: true })
    rmSync(`${file}-shm`, { force: true })
    writeFileSync(file, damage(readFileSync(file)))
    const before = bytesOf(folder)
    for (const args of [['runs'], ['import', join(files, 'clouds.csv')]]) {
      expect(await failure(args, folder)).toMatch(/lab\.sqlite is damaged/)
    }
    expect(bytesOf(folder)).toEqual(before)
  })

  test('a file where the folder should be', async () => {
    expect(await failure(['datasets'], join(files, 'clouds.csv'))).toMatch(/folder/)
  })
})

// A file system that is really full needs root and Linux; the sentence for it is checked wherever that is given.
const canMount = process.platform === 'linux' && process.getuid?.() === 0

test.skipIf(!canMount)('a disk that is full', async ({ skip }) => {
  const disk = temporaryFolder()
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]).status === 0
  skip(!mounted, 'this machine lets nobody mount a small disk')
  onTestFinished(() => void spawnSync('umount', [disk]))
  const folder = join(disk, 'lab')
  expect((await runCli(['import', join(files, 'clouds.csv'), '--lab', folder])).code).toBe(0)
  const before = contentOf(folder)
  const numbers = rowsOf(100_000, (i) => `${Math.sin(i)},${Math.cos(i)},${i % 2 ? 'a' : 'b'}`)
  const path = write(files, 'large.csv', ['x,y,c', ...numbers])
  expect(await failure(['import', path], folder)).toMatch(/full/)
  expect(contentOf(folder)).toEqual(before)
})

/** The first bytes of a picture, and enough of what follows. */
function pngBytes(): Uint8Array {
  const bytes = Uint8Array.from({ length: 5000 }, (_, index) => (index * 197 + (index >> 3)) & 0xff)
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return bytes
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
