/** Kinds of files are told by what is in them, and read as what they are. */
import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { describe, expect, test } from 'vitest'
import { ZipFile } from 'yazl'
import type { ReadOptions } from '#contract/reading.ts'
import { importFiles, openDuckDb, temporaryFolder } from '#test/unit/datasets/support.ts'

const duckDb = openDuckDb()

async function read(
  name: string,
  content: string | Buffer | Readonly<Record<string, string | Buffer>>,
  options: ReadOptions = {}
) {
  const folder = await temporaryFolder()
  const path = join(folder, name)
  if (typeof content === 'string' || Buffer.isBuffer(content)) await writeFile(path, content)
  else {
    const zip = new ZipFile()
    for (const [part, text] of Object.entries(content)) zip.addBuffer(Buffer.from(text), part)
    zip.end()
    await pipeline(zip.outputStream, createWriteStream(path))
  }
  const { columns, rows, file, doubts, warnings, reading } = await importFiles(duckDb, path, options, folder)
  const values = await duckDb.use(undefined, (session) => session.rows(`SELECT * FROM read_parquet('${file}') LIMIT 3`))
  return {
    rows,
    names: columns.map((column) => column.name),
    types: columns.map(({ type }) => type),
    values,
    doubts,
    warnings,
    reading
  }
}

const sheetRows = (count: number, row: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => row(index)).join('')

describe('workbooks', () => {
  const parts = (sheet: string) => ({
    '[Content_Types].xml': '<Types/>',
    'xl/workbook.xml':
      '<workbook xmlns:r="r"><sheets><sheet name="Readme" sheetId="1" r:id="a"/><sheet name="Data" sheetId="2" r:id="b"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="a" Target="worksheets/sheet1.xml"/><Relationship Id="b" Target="/xl/worksheets/sheet2.xml"/></Relationships>',
    'xl/styles.xml':
      '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="dd/mm/yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="9"/></cellXfs></styleSheet>',
    'xl/sharedStrings.xml': '<sst><si><t>when</t></si><si><r><t>li</t></r><r><t>tre</t></r></si></sst>',
    'xl/worksheets/sheet1.xml': '<worksheet><sheetData/></worksheet>',
    'xl/worksheets/sheet2.xml': `<worksheet><sheetData>${sheet}</sheetData></worksheet>`
  })
  const sheet = `<row><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="D1" t="inlineStr"><is><t>part</t></is></c></row>${sheetRows(
    12,
    (index) =>
      `<row><c r="A${index + 2}" s="1"><v>${44_197 + index}</v></c><c r="B${index + 2}"><v>${index + 1}.125</v></c><c r="D${index + 2}" s="2"><v>0.${index + 10}</v></c></row>`
  )}`

  test('Excel: dates by their style, texts of several runs, empty cells, the first sheet that has rows', async () => {
    const found = await read('book.xlsx', parts(sheet))
    expect(found.names).toEqual(['when', 'litre', 'column 3', 'part'])
    expect(found.rows).toBe(12)
    expect(found.types.slice(0, 2)).toEqual(['date', 'numeric'])
    expect(String(found.values[0]?.[0])).toBe('2021-01-01')
    expect(found.values[0]?.[1]).toBe(1.125)
    expect(found.reading?.facts[0]).toBe('Excel workbook, sheet "Data"')
  })

  test('a sheet that is not there is named with those that are', async () => {
    await expect(read('book.xlsx', parts(sheet), { sheet: 'Sheet3' })).rejects.toThrow(
      'book.xlsx has no sheet "Sheet3". It has "Readme", "Data".'
    )
  })

  test('OpenDocument: repeated cells and rows, typed values, other sheets told', async () => {
    const cell = (value: string) =>
      `<table:table-cell office:value-type="float" office:value="${value}"><text:p>x</text:p></table:table-cell>`
    const text = (value: string) =>
      `<table:table-cell office:value-type="string"><text:p>${value}</text:p></table:table-cell>`
    const rows = sheetRows(
      9,
      (index) => `<table:table-row>${cell(`${index}.5`)}${text('abc'[index % 3] ?? '')}</table:table-row>`
    )
    const content =
      '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><table:table table:name="One">' +
      `<table:table-row>${text('mass')}${text('kind')}</table:table-row>${rows}` +
      `<table:table-row table:number-rows-repeated="2">${cell('7.25')}${text('a')}</table:table-row>` +
      '<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>' +
      `</table:table><table:table table:name="Two"><table:table-row>${text('z')}</table:table-row></table:table></office:document-content>`
    const found = await read('calc.ods', {
      mimetype: 'application/vnd.oasis.opendocument.spreadsheet',
      'content.xml': content
    })
    expect(found.rows).toBe(11)
    expect(found.names).toEqual(['mass', 'kind'])
    expect(found.doubts[0]).toMatchObject({ column: null, options: { sheet: 'Two' } })
  })
})

describe('archives', () => {
  const csv = `a,b\n${sheetRows(10, (index) => `${index},${index * index}\n`)}`
  test('one table in a zip is read', async () => {
    const found = await read('table.zip', { 'folder/table.csv': csv, '__MACOSX/._table.csv': 'x' })
    expect([found.rows, found.names]).toEqual([10, ['a', 'b']])
  })
  test('of several one is chosen', async () => {
    const files = { 'a.csv': csv, 'b.csv': csv }
    await expect(read('tables.zip', files)).rejects.toThrow(/zip archive of 2 files, not one table\..*a\.csv, b\.csv/)
    expect((await read('tables.zip', files, { sheet: 'b.csv' })).rows).toBe(10)
  })
  test('what unfolds itself a thousandfold is not read', async () => {
    await expect(read('bomb.zip', { 'a.csv': Buffer.alloc(20_000_000, '1') })).rejects.toThrow(/unpacks to far more/)
  })
})

describe('ARFF', () => {
  const header =
    "% made\n@RELATION x\n@attribute 'a b' numeric\n@attribute k {no,'y\\'s'}\n@attribute code string\n@data\n"
  test('dense: quotes, missing values, levels that look like numbers', async () => {
    const found = await read('t.arff', `${header}1.5,no,01\n?,'y\\'s',02\n2.5,no,"a,b"\n`)
    expect(found.names).toEqual(['a b', 'k', 'code'])
    expect(found.values).toEqual([
      [1.5, 'no', '01'],
      [null, "y's", '02'],
      [2.5, 'no', 'a,b']
    ])
  })
  test('sparse: what is left out is 0 or the first level', async () => {
    const found = await read('t.txt', `${header}{0 4, 2 x}\n{1 'y\\'s'}\n{}\n`)
    expect(found.values.map((row) => row.slice(0, 2))).toEqual([
      [4, 'no'],
      [0, "y's"],
      [0, 'no']
    ])
  })
  test('a row of another width is named', async () => {
    await expect(read('t.arff', `${header}1,no\n`)).rejects.toThrow(
      't.arff, line 7: 2 values where the ARFF file declares 3 attributes.'
    )
  })
})

test('LIBSVM: pairs become columns, and comments nothing', async () => {
  const found = await read('t.txt', '-1 1:0.5 4:2 # far\n+1 2:1e-3\n1 3:7 4:1\n')
  expect(found.names).toEqual(['label', 'x1', 'x2', 'x3', 'x4'])
  expect(found.values[0]).toEqual([-1, 0.5, 0, 0, 2])
})

describe('NumPy', () => {
  function npy(descr: string, shape: string, data: Buffer, fortran = 'False'): Buffer {
    const header = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': (${shape}), }`.padEnd(117) + '\n'
    const length = Buffer.alloc(2)
    length.writeUInt16LE(header.length)
    return Buffer.concat([
      Buffer.from('\u0093NUMPY\u0001\u0000', 'latin1'),
      length,
      Buffer.from(header, 'latin1'),
      data
    ])
  }
  test('a matrix, in both orders', async () => {
    const values = Buffer.from(new Float64Array([1.5, 2.125, 3, 4, 5, 6]).buffer)
    expect((await read('m.npy', npy('<f8', '3, 2', values))).values[0]).toEqual([1.5, 2.125])
    expect((await read('m.npy', npy('<f8', '3, 2', values, 'True'))).values[0]).toEqual([1.5, 4])
  })
  test('arrays of one length in an .npz are one table, parts one below the other', async () => {
    const found = await read('set.npz', {
      'x_train.npy': npy('|u1', '2, 2', Buffer.from([1, 2, 3, 4])),
      'y_train.npy': npy('>i2', '2,', Buffer.from([0, 7, 0, 8])),
      'x_test.npy': npy('|u1', '1, 2', Buffer.from([5, 6])),
      'y_test.npy': npy('>i2', '1,', Buffer.from([0, 9]))
    })
    expect(found.names).toEqual(['part', 'y', 'x0', 'x1'])
    expect(found.values).toEqual([
      ['train', 7, 1, 2],
      ['train', 8, 3, 4],
      ['test', 9, 5, 6]
    ])
  })
  test('pickled objects are refused for what they are', async () => {
    await expect(read('o.npy', npy('|O', '2,', Buffer.alloc(16)))).rejects.toThrow(
      /Python objects, which are not unpacked/
    )
  })
})

describe('JSON', () => {
  test.each([
    [
      'under a key within a key',
      {
        meta: 1,
        result: {
          items: [
            { a: 1, b: 'x' },
            { a: 2, b: 'y' }
          ]
        }
      }
    ],
    ['by index', { r1: { a: 1, b: 'x' }, r2: { a: 2, b: 'y' } }],
    ['by column', { a: [1, 2], b: ['x', 'y'] }],
    ['by column and index', { a: { 0: 1, 1: 2 }, b: { 0: 'x', 1: 'y' } }],
    [
      'columns and data apart',
      {
        columns: ['a', 'b'],
        index: [0, 1],
        data: [
          [1, 'x'],
          [2, 'y']
        ]
      }
    ],
    [
      'rows as lists below their names',
      [
        ['a', 'b'],
        [1, 'x'],
        [2, 'y']
      ]
    ]
  ])('%s', async (_, value) => {
    const found = await read('data.txt', JSON.stringify(value))
    expect(found.names.slice(-2)).toEqual(['a', 'b'])
    expect(found.values.map((row) => row.slice(-2))).toEqual([
      [1, 'x'],
      [2, 'y']
    ])
  })
  test('whole numbers beyond 2^53 keep their digits', async () => {
    const found = await read('d.json', '{"rows":[{"id":9007199254740993},{"id":9007199254740995}]}')
    expect(found.values.map(([id]) => id)).toEqual(['9007199254740993', '9007199254740995'])
  })
  test('JSON that is broken off says where', async () => {
    await expect(read('d.json', '{"rows":[\n{"a":1},\n{"a":')).rejects.toThrow(
      /d\.json is JSON that is broken off or damaged/
    )
  })
})

test.each([
  ['page.xls', '<html><table><tr><td>1</td></tr></table></html>', /a web page \(HTML\)/],
  ['f.csv', Buffer.from('ARROW1\0\0\0\0'), /Feather or Arrow/],
  ['x.xls', '<?xml version="1.0"?><Workbook/>', /is XML, not a table/]
])('%s is refused for what it is', async (name, content, sentence) => {
  await expect(read(name, content)).rejects.toThrow(sentence)
})
