/** Tools by which work leaves the lab: the report and exported models, into the one folder that a person named. */
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { join } from 'node:path'
import { z } from 'zod'
import { LabError } from '#contract/errors.ts'
import { exportFormatNames } from '#contract/exports.ts'
import { addTool, type Bench } from '#lab/agents/tool.ts'
import { documentSchemas } from '#lab/documents/schemas.ts'

/** A name that stays in the folder on every system: no path, no drive, no stream, no hidden file. */
const fileName = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]*$/, 'A file is named by letters, digits, spaces and . _ - alone.')

export function addLeavingTools(server: McpServer, { client, folder }: Pick<Bench, 'client' | 'folder'>): void {
  addTool(server, 'report', {
    title: 'Write the report',
    description:
      'Everything a reader needs to judge a choice: data, split, all that was tried, the choice and the openings. Written as a ' +
      'file; to read it here, read the resource lab://experiments/{experimentId}/report.',
    input: z.object({
      experimentId: z.number().int(),
      format: z.enum(['html', 'json']).default('html'),
      file: fileName
    }),
    output: documentSchemas.report,
    readOnly: false,
    work: async ({ experimentId, format, file }) => {
      const { path, bytes } = await client.report.write({ experimentId, format, path: pathOf(file, `.${format}`) })
      return { report: { path: path ?? '', bytes } }
    }
  })

  addTool(server, 'export', {
    title: 'Export a network',
    description:
      'Takes the network of a run away as a file that predicts without the lab, with its model card beside it.',
    input: z.object({
      runId: z.number().int(),
      format: z.enum(exportFormatNames),
      weights: z.enum(['best', 'last']).default('best'),
      file: fileName.describe('With the ending of the format')
    }),
    output: documentSchemas.export,
    readOnly: false,
    work: async ({ runId, format, weights, file }) => {
      const exported = await client.exports.write({ runId, format, weights, path: pathOf(file, '') })
      return { run: runId, export: exported }
    }
  })

  function pathOf(name: string, ending: string): string {
    if (folder !== null) return join(folder, name.endsWith(ending) ? name : `${name}${ending}`)
    throw new LabError(
      'conflict',
      'This session has no folder to write in; a person names one when it starts, with: lab mcp --out FOLDER'
    )
  }
}
