/** Sheets of an Excel workbook, by ECMA-376 part 1 (SpreadsheetML): cells, shared texts, and dates told by their style. */
import { badFile } from '#lab/datasets/import/file-errors.ts'
import type { Archive } from '#lab/datasets/import/foreign/archive.ts'
import { numberText, type Row } from '#lab/datasets/import/foreign/rows.ts'
import { mostSheetColumns } from '#lab/datasets/import/foreign/sheets.ts'
import { readXml, type XmlHandlers } from '#lab/datasets/import/foreign/xml.ts'

export interface XlsxSheet {
  readonly name: string
  readonly path: string
  readonly isHidden: boolean
  /** Days are counted from 1904. */
  readonly is1904: boolean
}

const local = (name: string) => name.slice(name.indexOf(':') + 1)

async function readPart(archive: Archive, file: string, part: string, handlers: XmlHandlers): Promise<void> {
  try {
    await readXml(await archive.open(part), handlers)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'bad_file') throw error
    throw badFile(file, `${file} is a damaged workbook: its part ${part} can't be read. Save it anew.`, {}, error)
  }
}

/** The sheets in their order. */
export async function xlsxSheets(archive: Archive, file: string): Promise<XlsxSheet[]> {
  const found: { name: string; id: string; isHidden: boolean }[] = []
  let is1904 = false
  await readPart(archive, file, 'xl/workbook.xml', {
    onOpen(name, attributes) {
      if (local(name) === 'workbookPr') is1904 = /^(1|true)$/.test(attributes['date1904'] ?? '')
      if (local(name) !== 'sheet') return
      const id = Object.entries(attributes).find(([key]) => local(key) === 'id' && key.includes(':'))?.[1] ?? ''
      found.push({ name: attributes['name'] ?? '', id, isHidden: (attributes['state'] ?? 'visible') !== 'visible' })
    },
    onClose: () => undefined
  })
  const targets = new Map<string, string>()
  await readPart(archive, file, 'xl/_rels/workbook.xml.rels', {
    onOpen(_, { Id, Target }) {
      if (Id && Target) targets.set(Id, Target.startsWith('/') ? Target.slice(1) : `xl/${Target}`)
    },
    onClose: () => undefined
  })
  return found.flatMap(({ name, id, isHidden }) => {
    const path = targets.get(id)
    return path !== undefined && archive.names.includes(path) ? [{ name, path, isHidden, is1904 }] : []
  })
}

/** Reads the cells of a sheet row by row; empty rows in between come as empty rows. Gives how many have a cell. */
export async function readXlsxSheet(
  archive: Archive,
  file: string,
  sheet: XlsxSheet,
  onRow: (row: Row) => Promise<void>
): Promise<number> {
  const texts = await sharedTexts(archive, file)
  const kinds = await dateStyles(archive, file)
  const rows: string[][] = []
  let row: string[] = []
  let filled = 0
  let cell = { column: 0, type: 'n', style: 0 }
  let value = ''
  let isValue = false
  await readPart(archive, file, sheet.path, {
    onOpen(tag, attributes) {
      const name = local(tag)
      if (name === 'row') row = []
      else if (name === 'c') {
        const column = columnOf(attributes['r']) ?? row.length
        cell = { column, type: attributes['t'] ?? 'n', style: Number(attributes['s'] ?? 0) }
        value = ''
      } else if (name === 'v' || name === 't') isValue = true
      else if (name === 'rPh') isValue = false
    },
    onText(text) {
      if (isValue) value += text
    },
    onClose(tag) {
      const name = local(tag)
      if (name === 'v' || name === 't') isValue = false
      if (name === 'c' && value !== '' && cell.column < mostSheetColumns) {
        while (row.length < cell.column) row.push('')
        row[cell.column] = textOf(value, cell.type, kinds.get(cell.style) ?? null, texts, sheet.is1904)
      }
      if (name === 'row') {
        rows.push(row)
        if (row.length > 0) filled++
      }
      if (name === 'sheetData') return 'enough'
      return undefined
    }
  })
  // All rows are as wide as the widest, as a sheet is.
  const width = rows.reduce((most, { length }) => Math.max(most, length), 0)
  for (const cells of rows) await onRow([...cells, ...Array.from({ length: width - cells.length }, () => '')])
  return filled
}

/** The number of a column by a reference such as C12, from 0. */
function columnOf(reference: string | undefined): number | null {
  const letters = /^[A-Z]+/.exec(reference ?? '')?.[0]
  if (!letters) return null
  return [...letters].reduce((sum, letter) => 26 * sum + letter.charCodeAt(0) - 64, 0) - 1
}

type DateKind = 'date' | 'time' | 'both'

function textOf(value: string, type: string, kind: DateKind | null, texts: readonly string[], is1904: boolean): string {
  if (type === 's') return texts[Number(value)] ?? ''
  if (type === 'b') return value === '1' ? 'true' : 'false'
  if (type !== 'n') return value
  const number = Number(value)
  if (!Number.isFinite(number)) return value
  return kind === null ? numberText(number) : dateText(number, kind, is1904)
}

/** A day counted from 1899-12-30 (the day of Excel's 1900 that never was lies before March) as ISO 8601 writes it. */
function dateText(serial: number, kind: DateKind, is1904: boolean): string {
  const days = serial + (is1904 ? 1462 : 0)
  const date = new Date(Math.round((days - 25_569) * 86_400) * 1000)
  if (Number.isNaN(date.getTime()) || serial < 0) return numberText(serial)
  const iso = date.toISOString()
  if (kind === 'time' && serial < 1) return iso.slice(11, 19)
  return Number.isInteger(serial) ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 19)}`
}

async function sharedTexts(archive: Archive, file: string): Promise<string[]> {
  const texts: string[] = []
  if (!archive.names.includes('xl/sharedStrings.xml')) return texts
  let text = ''
  let isText = false
  let isPhonetic = false
  await readPart(archive, file, 'xl/sharedStrings.xml', {
    onOpen(tag) {
      const name = local(tag)
      if (name === 'si') text = ''
      else if (name === 'rPh') isPhonetic = true
      else if (name === 't') isText = !isPhonetic
    },
    onText(piece) {
      if (isText) text += piece
    },
    onClose(tag) {
      const name = local(tag)
      if (name === 't') isText = false
      else if (name === 'rPh') isPhonetic = false
      else if (name === 'si') texts.push(text)
    }
  })
  return texts
}

/** Numbers of formats that are dates and times by themselves. */
const builtIn: readonly (readonly [from: number, to: number, kind: DateKind])[] = [
  [14, 17, 'date'],
  [18, 21, 'time'],
  [22, 22, 'both'],
  [27, 31, 'date'],
  [32, 33, 'time'],
  [34, 36, 'date'],
  [45, 47, 'time'],
  [50, 58, 'date']
]

/** Which styles of cells show dates. */
async function dateStyles(archive: Archive, file: string): Promise<Map<number, DateKind>> {
  const styles = new Map<number, DateKind>()
  if (!archive.names.includes('xl/styles.xml')) return styles
  const formats = new Map<number, DateKind | null>()
  let isCells = false
  let style = 0
  await readPart(archive, file, 'xl/styles.xml', {
    onOpen(tag, attributes) {
      const name = local(tag)
      if (name === 'numFmt') formats.set(Number(attributes['numFmtId']), kindOfCode(attributes['formatCode'] ?? ''))
      else if (name === 'cellXfs') isCells = true
      else if (name === 'xf' && isCells) {
        const id = Number(attributes['numFmtId'] ?? 0)
        const known = builtIn.find(([from, to]) => id >= from && id <= to)?.[2]
        const kind = formats.has(id) ? formats.get(id) : known
        if (kind) styles.set(style, kind)
        style++
      }
    },
    onClose(tag) {
      if (local(tag) === 'cellXfs') isCells = false
    }
  })
  return styles
}

/** Letters of days and years make a date, of hours and seconds a time; what stands in quotes or brackets is shown as it is. */
function kindOfCode(code: string): DateKind | null {
  const plain = code.replaceAll(/"[^"]*"|\\.|_.|\*.|\[(?!h|m|s)[^\]]*\]/gi, '').toLowerCase()
  if (/general|[0#?]/.test(plain.replaceAll(/s?s\.0+/g, ''))) return null
  const hasDay = /[dy]/.test(plain) || /mmm/.test(plain)
  const hasHour = /[hs]/.test(plain)
  return hasDay ? (hasHour ? 'both' : 'date') : hasHour ? 'time' : null
}
