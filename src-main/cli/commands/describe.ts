/** `lab describe DATASET`: the profile of a data set. */
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { describeDataset } from '#lab/cli/describe-dataset.ts'
import { datasetDocument } from '#lab/documents/documents.ts'
import { requireDataset } from '#lab/cli/find.ts'

/** Prints a data set with its columns. */
export function runDescribe(context: CliContext, text: string): Promise<ExitCode> {
  return withLab(context, 'read', async ({ client }) => {
    const { id } = await requireDataset(client, text)
    const dataset = await client.datasets.get({ datasetId: id })
    context.output.result(datasetDocument(dataset), () => describeDataset(dataset))
    return exitCodes.done
  })
}
