import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { chmod, copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { importTable, type ImportSettings } from '#lab/datasets/import/import-table.ts'
import { previewRows } from '#lab/datasets/preview.ts'
import { fixtures, importFiles, openDuckDb, temporaryFolder } from '#test/unit/datasets/support.ts'

const duckDb = openDuckDb()

/** Writes a table of `rows` rows of different numbers. */
async function writeNumbers(folder: string, rows: number): Promise<string> {
  const lines = Array.from({ length: rows }, (_, row) => `${row},${Math.sin(row)},${Math.cos(row)},level${row % 7}`)
  const path = join(folder, 'numbers.csv')
  await writeFile(path, `count,sine,cosine,level\n${lines.join('\n')}\n`)
  return path
}

test('a numeric column gets its summary and a histogram that counts every value', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'x.csv')
  await writeFile(path, 'x,whole\n0,1\n2.5,2\n5,2\n7.5,3\nNA,3\n10,3\n')
  const [x, whole] = (await importFiles(duckDb, path)).columns
  expect(x?.summary).toEqual({ minimum: 0, maximum: 10, mean: 5, median: 5, deviation: Math.sqrt(15.625) })
  expect(x?.histogram).toMatchObject({ kind: 'numeric' })
  const counts = x?.histogram?.kind === 'numeric' ? x.histogram.counts : []
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(5)
  expect([counts[0], counts.at(-1)]).toEqual([1, 1])
  expect(whole).toMatchObject({
    integer: true,
    histogram: { kind: 'numeric', edges: [0.5, 1.5, 2.5, 3.5], counts: [1, 2, 3] }
  })
})

test('a table wider than one statement writes keeps its columns, in their order', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'wide.parquet')
  const columns = Array.from({ length: 2100 }, (_, index) => `range + ${index} AS "g ${index}"`)
  await duckDb.use(undefined, (session) =>
    session.rows(`COPY (SELECT ${columns.join(', ')} FROM range(3)) TO '${path}' (FORMAT parquet)`)
  )
  const imported = await importFiles(duckDb, path, {}, folder)
  expect(imported.columns.map(({ name }) => name)).toEqual(columns.map((_, index) => `g ${index}`))
  expect(imported.columns.at(-1)?.summary).toMatchObject({ minimum: 2099, maximum: 2101 })
  expect(await readdir(join(folder, 'datasets'))).toHaveLength(1)
}, 120_000)

test('a file that holds nothing says so apart from the sentence: no way of reading it is offered then', async () => {
  for (const file of ['empty.csv', 'blank.csv']) {
    const refused = importFiles(duckDb, join(fixtures, file))
    await expect(refused).rejects.toMatchObject({ code: 'bad_file', details: { file, empty: true } })
  }
})

test('a column called an id names rows also where a few of them stand twice', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'customers.csv')
  const lines = Array.from({ length: 60 }, (_, row) => `${1000 + row},${(row * 7) % 23}`)
  await writeFile(path, `customer_id,visits\n${[...lines, ...lines.slice(0, 3)].join('\n')}\n`)
  const { columns } = await importFiles(duckDb, path)
  expect(columns.map(({ name, type }) => [name, type])).toEqual([
    ['customer_id', 'identifier'],
    ['visits', 'numeric']
  ])
})

test('a categorical column lists its levels, most frequent first, and counts the rest together', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'levels.csv')
  const levels = Array.from({ length: 100 }, (_, level) => `l${level}`)
  await writeFile(
    path,
    `level,x\n${[...levels, ...levels, 'l5', 'l5', 'l9'].map((level, row) => `${level},${row}`).join('\n')}\n`
  )
  const [level] = (await importFiles(duckDb, path)).columns
  expect(level).toMatchObject({ type: 'categorical', distinct: 100 })
  const histogram = level?.histogram?.kind === 'levels' ? level.histogram : null
  expect(histogram?.levels.slice(0, 3)).toEqual([
    { value: 'l5', count: 4 },
    { value: 'l9', count: 3 },
    { value: 'l0', count: 2 }
  ])
  expect(histogram?.levels).toHaveLength(30)
  expect(histogram?.others).toBe(140)
})

test('one odd value at the end of 50,000 rows is seen, and the order of rows kept', async () => {
  const folder = await temporaryFolder()
  const path = await writeNumbers(folder, 50_000)
  await writeFile(path, '50000,odd,1,level0\n', { flag: 'a' })
  const imported = await importFiles(duckDb, path, {}, folder)
  expect(imported.columns.map(({ name, type }) => [name, type])).toEqual([
    ['count', 'identifier'],
    ['sine', 'numeric'],
    ['cosine', 'numeric'],
    ['level', 'categorical']
  ])
  expect(imported.columns[1]?.missing).toBe(1)
  expect(imported.doubts).toEqual([
    {
      column: 'sine',
      why: 'Column "sine": 1 of its 50,001 values is no number, such as "odd" in row 50,001; it is read as missing.',
      taken: 'numbers; what is none is missing',
      other: 'text',
      count: 1,
      options: { columns: [{ column: 'sine', as: 'text' }] }
    }
  ])
  const preview = await previewRows(duckDb, imported.file, 49_999, 10)
  expect(preview.rows.map(([count]) => count)).toEqual(['49999', '50000'])
})

test('options overrule what would be detected', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'x.csv')
  await writeFile(path, '1;2,5\n-999;3,5\n')
  const imported = await importFiles(duckDb, path, { delimiter: ';', header: false, missing: ['-999'], decimal: '.' })
  expect(imported.columns.map(({ type, missing }) => [type, missing])).toEqual([
    ['numeric', 1],
    ['categorical', 0]
  ])
})

test('the same content again is recognised, packed or not; another way of reading is another table', async () => {
  const folder = await temporaryFolder()
  const first = await importFiles(duckDb, join(fixtures, 'idx/train-images-idx3-ubyte'), {}, folder)
  const { mtimeMs } = await stat(first.file)
  const packed = await importFiles(duckDb, join(fixtures, 'idx_packed/t10k-labels-idx1-ubyte.gz'), {}, folder)
  expect(packed.hash).toBe(first.hash)
  expect(packed.columns).toEqual(first.columns)
  expect((await stat(first.file)).mtimeMs).toBe(mtimeMs)

  const plain = await importFiles(duckDb, join(fixtures, 'constant.csv'), {}, folder)
  const again = await importFiles(duckDb, join(fixtures, 'constant.csv'), {}, folder)
  const other = await importFiles(duckDb, join(fixtures, 'constant.csv'), { header: false }, folder)
  expect(again).toEqual(plain)
  expect(other.hash).not.toBe(plain.hash)
})

test('a packed file that grows as no table does is refused, and leaves nothing behind', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'bomb.csv.gz')
  const packed = createGzip({ level: 9 })
  const written = pipeline(packed, createWriteStream(path))
  const piece = Buffer.from('1,2\n'.repeat(1_000_000))
  for (let count = 0; count < 20; count++) if (!packed.write(piece)) await once(packed, 'drain')
  packed.end()
  await written
  const message = 'bomb.csv.gz unpacks to more than 500 times its size, as no table of use does. Nothing was imported.'
  await expect(importFiles(duckDb, path, {}, folder)).rejects.toMatchObject({ code: 'bad_file', message })
  expect(await readdir(join(folder, 'datasets'))).toEqual([])
})

test('a Parquet file that is hurt anywhere is called damaged', async () => {
  const folder = await temporaryFolder()
  const { file } = await importFiles(duckDb, join(fixtures, 'constant.csv'), {}, folder)
  const whole = await readFile(file)
  const path = join(folder, 'hurt.parquet')
  let refused = 0
  for (let at = whole.length - 5; at > Math.max(4, whole.length - 1200); at -= 31) {
    const hurt = Buffer.from(whole)
    hurt[at] = (hurt[at] ?? 0) ^ 0xff
    await writeFile(path, hurt)
    const said = await importFiles(duckDb, path, {}, await temporaryFolder()).then(() => null, String)
    if (said === null) continue
    refused++
    expect(said).toMatch(/hurt\.parquet (is damaged or no Parquet file|has |, |can't|needs)/)
  }
  expect(refused).toBeGreaterThan(5)
})

test.skipIf(process.platform === 'win32')('a pipe is refused at once, as nobody may ever write into it', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'pipe.csv')
  spawnSync('mkfifo', [path])
  await expect(importFiles(duckDb, path, {}, folder)).rejects.toMatchObject({
    message: expect.stringMatching(/^pipe\.csv is a pipe or a device, not a file\./) as string
  })
})

test('IDX files that are all given need no folder in common', async () => {
  const folder = await temporaryFolder()
  const files = []
  for (const name of [
    'train-images-idx3-ubyte',
    'train-labels-idx1-ubyte',
    't10k-images-idx3-ubyte',
    't10k-labels-idx1-ubyte'
  ]) {
    const path = join(folder, `upload-${files.length}`)
    await copyFile(join(fixtures, 'idx', name), path)
    files.push({ path, name })
  }
  const imported = await importTable(duckDb, files, {}, { folder })
  expect(imported).toMatchObject({ rows: 9, warnings: [], source: 'train-images-idx3-ubyte and 3 more' })
  const preview = await previewRows(duckDb, imported.file, 5, 2)
  expect(preview.columns.slice(0, 4)).toEqual(['label', 'part', 'pixel0', 'pixel1'])
  expect(preview.rows.map((row) => row.slice(0, 4))).toEqual([
    ['2', 'train', '35', '46'],
    ['2', 'test', '0', '13']
  ])
})

test('two tables at once are refused', async () => {
  const files = [join(fixtures, 'plain.csv'), join(fixtures, 'tab.tsv')]
  await expect(importFiles(duckDb, files)).rejects.toThrow(
    '2 files were given, and plain.csv is not named as IDX images or labels. Import one table at a time.'
  )
})

test('30,000 columns are refused, 300 are read', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'wide.csv')
  const write = (columns: number) => {
    const line = (value: (index: number) => string) =>
      Array.from({ length: columns }, (_, index) => value(index)).join(',')
    return writeFile(path, [line((index) => `c${index}`), line(String), line(() => '1')].join('\n'))
  }
  await write(30_000)
  await expect(importFiles(duckDb, path, {}, folder)).rejects.toMatchObject({
    code: 'bad_file',
    message: 'wide.csv has 30,000 columns; 20,000 is the most. Leave some out.'
  })
  await write(300)
  expect((await importFiles(duckDb, path, {}, folder)).columns).toHaveLength(300)
})

test('progress goes up from stage to stage, and the original is not touched', async () => {
  const folder = await temporaryFolder()
  const path = await writeNumbers(folder, 20_000)
  await chmod(path, 0o444)
  const before = [await readFile(path), (await stat(path)).mtimeMs]
  const heard: { stage: string; fraction: number }[] = []
  const onProgress: ImportSettings['onProgress'] = ({ stage, fraction }) =>
    heard.push({ stage, fraction: fraction ?? -1 })
  await importTable(duckDb, [{ path, name: 'numbers.csv' }], {}, { folder, onProgress })
  const fractions = heard.map(({ fraction }) => fraction)
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
  expect(fractions.at(-1)).toBe(1)
  expect(heard[0]?.stage).toBe('reading')
  expect([await readFile(path), (await stat(path)).mtimeMs]).toEqual(before)
})

test.each(['reading', 'profiling'])(
  'cancelled while %s, an import says so and leaves no half of itself',
  async (at) => {
    const folder = await temporaryFolder()
    const path = await writeNumbers(folder, 200_000)
    const abort = new AbortController()
    const onProgress: ImportSettings['onProgress'] = ({ stage }) => {
      if (stage === at) abort.abort()
    }
    const reading = importTable(
      duckDb,
      [{ path, name: 'numbers.csv' }],
      {},
      { folder, signal: abort.signal, onProgress }
    )
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' })
    const left = await readdir(join(folder, 'datasets'))
    expect(left.filter((name) => !name.endsWith('.parquet'))).toEqual([])
    // What was stored before the cancel is a whole table, and serves the next try.
    expect((await importFiles(duckDb, path, {}, folder)).rows).toBe(200_000)
  }
)

test('a file without the right to read it is named', async ({ skip }) => {
  if (process.platform === 'win32') skip('Windows has no such permission bits')
  const folder = await temporaryFolder()
  const path = join(folder, 'secret.csv')
  await copyFile(join(fixtures, 'plain.csv'), path)
  await chmod(path, 0o000)
  if (process.getuid?.() === 0) {
    // Root may read everything, so another user has to try.
    process.setegid?.('nogroup')
    process.seteuid?.('nobody')
    onTestFinished(() => {
      process.seteuid?.(0)
      process.setegid?.(0)
    })
  }
  const reading = importTable(duckDb, [{ path, name: 'secret.csv' }], {}, { folder: await temporaryFolder() })
  await expect(reading).rejects.toThrow("secret.csv can't be opened: you have no permission to read it.")
})

test('a full disk is told, and nothing is left on it', async ({ skip }) => {
  const folder = await temporaryFolder()
  const disk = join(folder, 'disk')
  await mkdir(disk)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk])
  if (mounted.status !== 0) skip('a small disk can be mounted by root on Linux only')
  onTestFinished(() => void spawnSync('umount', [disk]))
  const path = await writeNumbers(folder, 20_000)
  await expect(importTable(duckDb, [{ path, name: 'numbers.csv' }], {}, { folder: disk })).rejects.toMatchObject({
    code: 'lab_unusable',
    message: "The disk is full, so numbers.csv can't be stored in the lab. Free some space and try again."
  })
  expect(await readdir(join(disk, 'datasets'))).toEqual([])
})
