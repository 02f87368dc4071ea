/** Tables drawn with lines of signs, amounts in two columns, and files of other programs that are named for what they are. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { importTable } from '#lab/datasets/import/import-table.ts'
import { openDuckDb, temporaryFolder } from '#test/unit/datasets/support.ts'

const duckDb = openDuckDb()

async function read(name: string, content: string | Buffer) {
  const folder = await temporaryFolder()
  const path = join(folder, name)
  await writeFile(path, content)
  const { file, columns, warnings, doubts } = await importTable(duckDb, [{ path, name }], {}, { folder })
  const rows = await duckDb.use(undefined, (session) => session.rows(`SELECT * FROM read_parquet('${file}')`))
  return { names: columns.map((column) => column.name), rows, told: [...warnings, ...doubts.map(({ why }) => why)] }
}

const cases = Array.from({ length: 12 }, (_, row) => ({ kind: row % 2 ? 'wide' : 'slim', size: 3 * row + 0.5 }))
const expected = cases.map(({ kind, size }) => [kind, size])
const lines = (line: (entry: (typeof cases)[number]) => string) => cases.map(line).join('\n')

describe('drawn tables', () => {
  test.each([
    ['Markdown', `| kind | size |\n|:-----|-----:|\n${lines(({ kind, size }) => `| ${kind} | ${size} |`)}\n`],
    ['psql', ` kind | size \n------+------\n${lines(({ kind, size }) => ` ${kind} | ${size}`)}\n(12 rows)\n`],
    [
      'mysql',
      `+------+------+\n| kind | size |\n+------+------+\n${lines(({ kind, size }) => `| ${kind} | ${String(size).padEnd(4)} |`)}\n+------+------+\n`
    ],
    ['fixed places', `kind   size\n------ ----\n${lines(({ kind, size }) => `${kind.padEnd(7)}${size}`)}\n`]
  ])('%s', async (_, text) => {
    const { names, rows, told } = await read('drawn.txt', text)
    expect(names).toEqual(['kind', 'size'])
    expect(rows).toEqual(expected)
    expect(told.join(' ')).toMatch(/drawn with lines of signs/)
  })

  test('a row of dashes for missing values inside a table stays a row', async () => {
    const text = `a;b\n1;2\n3;4\n5;6\n7;8\n---;---\n9;10\n`
    expect((await read('dashes.csv', text)).rows).toHaveLength(6)
  })
})

describe('amounts beside one other column', () => {
  const amounts = [1234.56, 98765.4, 12.05, 7654321.99, 1000.1, 45678.9]
  test.each([
    ['blanks as group signs', (value: number) => grouped(value, ' ')],
    ['a currency before', (value: number) => `R$ ${grouped(value, '.')}`],
    ['a currency behind', (value: number) => `${grouped(value, '.')} \u20ac`]
  ])('%s: the comma is the decimal sign, not a delimiter', async (_, write) => {
    const { names, rows } = await read(
      'amounts.csv',
      `k;x\n${amounts.map((value, row) => `${'ab'[row % 2]};${write(value)}`).join('\n')}\n`
    )
    expect(names).toEqual(['k', 'x'])
    expect(rows.map(([, x]) => x)).toEqual(amounts)
  })
})

function grouped(value: number, sign: string): string {
  const [whole = '', part = ''] = value.toFixed(2).split('.')
  return `${whole.replaceAll(/\B(?=(\d{3})+$)/g, sign)},${part}`
}

describe('files of other programs', () => {
  const rest = Buffer.alloc(200, 1)
  test.each([
    ['x.sav', Buffer.concat([Buffer.from('$FL2@(#) SPSS DATA FILE'), rest]), 'an SPSS file'],
    ['x.dta', Buffer.concat([Buffer.from('<stata_dta><header>'), rest]), 'a Stata file'],
    ['x.mat', Buffer.concat([Buffer.from('MATLAB 5.0 MAT-file'), rest]), 'a MATLAB file'],
    ['x.rds', gzipSync(Buffer.concat([Buffer.from('X\n\0\0\0\u0003', 'latin1'), rest])), 'a file of an R object'],
    ['x.orc', Buffer.concat([Buffer.from('ORC'), rest]), 'an ORC file'],
    ['x.avro', Buffer.concat([Buffer.from('Obj\u0001', 'latin1'), rest]), 'an Avro file'],
    ['x.csv.xz', Buffer.concat([Buffer.from('\u00fd7zXZ\0', 'latin1'), rest]), 'packed by xz'],
    ['x.yaml', Buffer.from('- a: 1\n  b: 2\n- a: 3\n  b: 4\n'), 'YAML']
  ])('%s', async (name, content, what) => {
    await expect(read(name, content)).rejects.toThrow(`${name} is ${what}, not a table`)
  })
})
