/** `lab import FILE` takes a table into the lab; `lab reread DATASET` reads its files in another way. */
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { describeDataset } from '#lab/cli/describe-dataset.ts'
import { datasetDocument } from '#lab/documents/documents.ts'
import { requireDataset } from '#lab/cli/find.ts'
import { importFiles, importFrom } from '#lab/cli/import-file.ts'
import { type ReadingOptions, readOptionsFor } from '#lab/cli/reading-options.ts'

export interface ImportOptions extends ReadingOptions {
  readonly name?: string
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

/** Reads the files of a data set once more, as it was read but for the options, and prints the new data set. */
export function runReread(context: CliContext, argument: string, options: ImportOptions): Promise<ExitCode> {
  return withLab(context, 'write', async ({ client }) => {
    const { id } = await requireDataset(client, argument)
    const request = { source: { datasetId: id }, name: options.name, options: readOptionsFor(options) }
    const { dataset, existed } = await importFrom(client, request, context)
    if (existed) context.output.say(`The lab has this reading already, as ${dataset.name} (${dataset.id}).`)
    context.output.result(datasetDocument(dataset), () => describeDataset(dataset))
    return exitCodes.done
  })
}
