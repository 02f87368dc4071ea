/** Workbooks of Excel (Office Open XML) and of OpenDocument: one sheet becomes rows of texts. */
import { badFile } from '#lab/datasets/import/file-errors.ts'
import type { Archive } from '#lab/datasets/import/foreign/archive.ts'
import { readOdsSheets } from '#lab/datasets/import/foreign/ods.ts'
import type { Row } from '#lab/datasets/import/foreign/rows.ts'
import { isNamed, noSheet, type ReadSheet } from '#lab/datasets/import/foreign/sheets.ts'
import { readXlsxSheet, xlsxSheets } from '#lab/datasets/import/foreign/xlsx.ts'

export type WorkbookKind = 'xlsx' | 'ods'

/** Tells a workbook by what its archive holds; null for any other archive. */
export function workbookKind(names: readonly string[], file: string): WorkbookKind | null {
  if (names.includes('xl/workbook.xml')) return 'xlsx'
  if (names.includes('xl/workbook.bin')) {
    throw badFile(file, `${file} is a binary Excel workbook (.xlsb). Save it as .xlsx or CSV.`)
  }
  if (names.includes('word/document.xml')) throw badFile(file, `${file} is a Word document, not a table.`)
  return names.includes('content.xml') && names.includes('mimetype') ? 'ods' : null
}

/**
 * Gives the rows of a sheet: of the one named, else of the first that has any and is not hidden.
 * Errors: `bad_file` where no sheet is called so, or none has rows.
 */
export async function readWorkbook(
  archive: Archive,
  kind: WorkbookKind,
  file: string,
  wanted: string | undefined,
  onRow: (row: Row) => Promise<void>
): Promise<ReadSheet> {
  if (kind === 'ods') return readOdsSheets(archive, file, wanted, onRow)
  const sheets = await xlsxSheets(archive, file)
  const known = sheets.filter(({ isHidden }) => !isHidden)
  const chosen = wanted === undefined ? known : sheets.filter(({ name }) => isNamed(name, wanted))
  if (wanted !== undefined && chosen.length === 0)
    throw noSheet(
      file,
      wanted,
      known.map(({ name }) => name)
    )
  for (const sheet of chosen) {
    const rows = await readXlsxSheet(archive, file, sheet, onRow)
    if (rows > 0)
      return { sheet: sheet.name, others: known.map(({ name }) => name).filter((name) => name !== sheet.name) }
  }
  throw badFile(file, `${file} has no sheet with rows.`, { empty: true })
}
