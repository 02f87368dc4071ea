/** What an agent can read by its address: the curve of a run and the report of an experiment. */
import { type McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { ContractClient } from '#contract/contract.ts'
import { LabError } from '#contract/errors.ts'
import { showDocument } from '#lab/documents/documents.ts'
import { listRuns } from '#trials/run-pieces.ts'

const mimeType = 'application/json'

/** Listed of the newest runs; any other can be read by its number. */
const mostListed = 100

export function addResources(server: McpServer, client: ContractClient): void {
  const curves = new ResourceTemplate('lab://runs/{runId}/curve', {
    list: async () => ({
      resources: (await listRuns(client, { limit: mostListed })).map(({ id, status }) => ({
        uri: `lab://runs/${id}/curve`,
        name: `Curve of run ${id}, ${status}`,
        mimeType
      }))
    })
  })
  const curveInfo = {
    title: 'Curve of a run',
    description: 'A run with its figures by epoch, of the training and the validation part.',
    mimeType
  }
  server.registerResource('curve', curves, curveInfo, async (uri, { runId }) => {
    const run = await client.runs.get({ runId: numberOf(runId) })
    const experiment = await client.experiments.get({ experimentId: run.experimentId })
    const pieces = await client.runs.curves({ runIds: [run.id] })
    const details = await client.runs.details({ runId: run.id })
    const kept = await client.runs.kept({ runId: run.id })
    return textOf(uri, JSON.stringify(showDocument(run, experiment, details, kept, pieces)))
  })

  const reports = new ResourceTemplate('lab://experiments/{experimentId}/report', {
    list: async () => ({
      resources: (await client.experiments.list()).map(({ id, name }) => ({
        uri: `lab://experiments/${id}/report`,
        name: `Report of ${name}`,
        mimeType
      }))
    })
  })
  const reportInfo = {
    title: 'Report of an experiment',
    description: 'Data, split, all that was tried, the choice and the openings of the test part.',
    mimeType
  }
  server.registerResource('report', reports, reportInfo, async (uri, { experimentId }) => {
    const { text } = await client.report.write({ experimentId: numberOf(experimentId), format: 'json' })
    return textOf(uri, text ?? '')
  })
}

function textOf(uri: URL, text: string) {
  return { contents: [{ uri: uri.href, mimeType, text }] }
}

function numberOf(text: string | string[] | undefined): number {
  const number = typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : null
  if (number !== null) return number
  throw new LabError('not_found', 'Runs and experiments are named by their numbers.')
}
