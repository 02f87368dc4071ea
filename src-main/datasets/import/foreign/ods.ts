/** Sheets of an OpenDocument spreadsheet (ODF 1.2, part 1, section 9): cells with their typed values. */
import { badFile } from '#lab/datasets/import/file-errors.ts'
import type { Archive } from '#lab/datasets/import/foreign/archive.ts'
import { numberText, type Row } from '#lab/datasets/import/foreign/rows.ts'
import {
  isNamed,
  mostSheetColumns,
  mostSheetRows,
  noSheet,
  type ReadSheet
} from '#lab/datasets/import/foreign/sheets.ts'
import { readXml } from '#lab/datasets/import/foreign/xml.ts'

/** Reads the sheet of a name, else the first that has rows. Errors: `bad_file` where there is none. */
export async function readOdsSheets(
  archive: Archive,
  file: string,
  wanted: string | undefined,
  onRow: (row: Row) => Promise<void>
): Promise<ReadSheet> {
  const names: string[] = []
  let found: { name: string; rows: string[][] } | null = null
  let sheet = { name: '', rows: [] as string[][], emptyRows: 0 }
  let row = { cells: [] as string[], emptyCells: 0, repeat: 1 }
  let cell = { value: '', repeat: 1, text: '', paragraphs: 0, isTyped: false, isOpen: false }
  let isNote = false
  const endCell = () => {
    const text = cell.isTyped ? cell.value : cell.text
    if (text === '') row.emptyCells += cell.repeat
    else {
      const room = mostSheetColumns - row.cells.length
      for (let empty = 0; empty < Math.min(row.emptyCells, room); empty++) row.cells.push('')
      for (let copy = 0; copy < Math.min(cell.repeat, mostSheetColumns - row.cells.length); copy++) row.cells.push(text)
      row.emptyCells = 0
    }
  }
  const endRow = () => {
    if (row.cells.length === 0) sheet.emptyRows += row.repeat
    else {
      for (let empty = 0; empty < Math.min(sheet.emptyRows, 1000); empty++) sheet.rows.push([])
      sheet.emptyRows = 0
      for (let copy = 0; copy < row.repeat && sheet.rows.length < mostSheetRows; copy++) sheet.rows.push(row.cells)
    }
  }
  try {
    await readXml(await archive.open('content.xml'), {
      onOpen(name, attributes) {
        if (name === 'table:table') sheet = { name: attributes['table:name'] ?? '', rows: [], emptyRows: 0 }
        else if (name === 'table:table-row')
          row = { cells: [], emptyCells: 0, repeat: count(attributes['table:number-rows-repeated']) }
        else if (name === 'table:table-cell' || name === 'table:covered-table-cell') {
          const value = typedValue(attributes)
          const repeat = count(attributes['table:number-columns-repeated'])
          cell = { value: value ?? '', repeat, text: '', paragraphs: 0, isTyped: value !== null, isOpen: true }
        } else if (name === 'office:annotation') isNote = true
        else if (name === 'text:p' && !isNote && cell.paragraphs++ > 0) cell.text += '\n'
        else if (name === 'text:s' && !isNote) cell.text += ' '
      },
      onText(text) {
        if (cell.isOpen && !isNote) cell.text += text
      },
      onClose(name) {
        if (name === 'table:table-cell' || name === 'table:covered-table-cell') {
          endCell()
          cell.isOpen = false
        } else if (name === 'office:annotation') isNote = false
        else if (name === 'table:table-row') endRow()
        else if (name === 'table:table') {
          const hasRows = sheet.rows.length > 0
          if (hasRows) names.push(sheet.name)
          const isWanted = wanted === undefined ? hasRows : isNamed(sheet.name, wanted)
          if (isWanted && found === null) found = sheet
        }
      }
    })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'bad_file') throw error
    throw badFile(file, `${file} is a damaged OpenDocument spreadsheet. Save it anew.`, {}, error)
  }
  const chosen = found as { name: string; rows: string[][] } | null
  if (chosen === null && wanted !== undefined) throw noSheet(file, wanted, names)
  if (chosen === null)
    throw badFile(file, `${file} is an OpenDocument file without a sheet that has rows.`, { empty: true })
  const width = chosen.rows.reduce((most, { length }) => Math.max(most, length), 0)
  for (const cells of chosen.rows) await onRow([...cells, ...Array.from({ length: width - cells.length }, () => '')])
  return { sheet: chosen.name, others: names.filter((name) => name !== chosen.name) }
}

function count(text: string | undefined): number {
  const value = Number(text ?? 1)
  return Number.isInteger(value) && value > 0 ? value : 1
}

/** The value of a cell by its type; null where its text is the value. */
function typedValue(attributes: Readonly<Record<string, string>>): string | null {
  switch (attributes['office:value-type'] ?? 'string') {
    case 'float':
    case 'currency':
    case 'percentage':
      return numberText(Number(attributes['office:value']))
    case 'date':
      return (attributes['office:date-value'] ?? '').replace('T', ' ')
    case 'time':
      return clock(attributes['office:time-value'] ?? '')
    case 'boolean':
      return attributes['office:boolean-value'] ?? ''
    default:
      return null
  }
}

/** PT16H05M00S as 16:05:00. */
function clock(duration: string): string {
  const match = /^PT(\d+)H(\d+)M(\d+)/.exec(duration)
  return match ? `${match[1]?.padStart(2, '0')}:${match[2]?.padStart(2, '0')}:${match[3]?.padStart(2, '0')}` : duration
}
