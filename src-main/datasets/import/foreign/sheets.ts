/** What the sheets of all workbooks share: their bound, and how one is named. */
import { badFile } from '#lab/datasets/import/file-errors.ts'

/** Sheets wider or longer than any program writes are damaged: cells beyond are left out. */
export const mostSheetColumns = 20_000
export const mostSheetRows = 1_048_576

/** A sheet that was read, and the names of all others that have rows. */
export interface ReadSheet {
  readonly sheet: string
  readonly others: readonly string[]
}

export function isNamed(name: string, wanted: string): boolean {
  return name.normalize('NFC').trim().toLowerCase() === wanted.normalize('NFC').trim().toLowerCase()
}

export function noSheet(file: string, wanted: string, names: readonly string[]): Error {
  return badFile(file, `${file} has no sheet "${wanted}". It has ${names.map((name) => `"${name}"`).join(', ')}.`)
}
