/** `lab import FILE`: takes a table into the lab. */
import type { ReadOptions } from '#contract/reading.ts'
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { describeDataset } from '#lab/cli/describe-dataset.ts'
import { datasetDocument } from '#lab/cli/documents.ts'
import { importFiles } from '#lab/cli/import-file.ts'

export interface ImportOptions {
  readonly name?: string
  readonly delimiter?: string
  readonly decimal?: 'point' | 'comma'
  readonly encoding?: ReadOptions['encoding']
  readonly header?: 'yes' | 'no'
  readonly missing?: string[]
}

/** Imports files as one data set and prints its profile. */
export function runImport(context: CliContext, files: string[], options: ImportOptions): Promise<ExitCode> {
  return withLab(context, 'write', async ({ client }) => {
    const { dataset, existed } = await importFiles(client, files, options.name, context, readOptionsFor(options))
    if (existed) context.output.say(`The lab has this content already, as ${dataset.name} (${dataset.id}).`)
    context.output.result(datasetDocument(dataset), () => describeDataset(dataset))
    return exitCodes.done
  })
}

/** The contract's form of what was asked; what is left out is found out. */
function readOptionsFor({ delimiter, decimal, encoding, header, missing }: ImportOptions): ReadOptions {
  return {
    delimiter,
    encoding,
    missing,
    ...(decimal && { decimal: decimal === 'comma' ? ',' : '.' }),
    ...(header && { header: header === 'yes' })
  }
}
