/** Writes the report of an experiment: to a file, or as text for whoever asked. */
import { rename, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Strays } from '#lab/store/strays.ts'
import type { ReportDocument } from '#contract/report.ts'
import { expectFileOrNothing, toWriteError } from '#lab/models/write-errors.ts'
import { writeReportPage } from '#lab/report/page.ts'

export interface WrittenReport {
  readonly path: string | null
  readonly text: string | null
  readonly bytes: number
}

/**
 * Writes a report; a file appears whole or not at all.
 * Errors: LabError 'bad_file' where it can't be written there.
 */
export async function writeReport(
  document: ReportDocument,
  format: 'html' | 'json',
  path: string | undefined,
  strays: Strays
): Promise<WrittenReport> {
  const text = format === 'html' ? writeReportPage(document) : `${JSON.stringify(document, null, 2)}\n`
  const bytes = Buffer.byteLength(text)
  if (path === undefined) return { path: null, text, bytes }
  const target = resolve(path)
  await expectFileOrNothing(target)
  try {
    await strays.beside(target, '.tmp', async (temporary) => {
      await writeFile(temporary, text)
      await rename(temporary, target)
    })
    return { path: target, text: null, bytes }
  } catch (error) {
    throw toWriteError(error, target)
  }
}
