/** Tools that judge what was tried, by the training and the validation part; and the one that opens the sealed test part. */
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import type { ContractClient } from '#contract/contract.ts'
import { columnImportance, worstRows } from '#contract/diagnostics.ts'
import { runDetails, partMetrics } from '#contract/network.ts'
import { expectation, foldCount, opening } from '#contract/runs.ts'
import { complexityAxes, verdict } from '#contract/selection.ts'
import { addTool, type Bench } from '#lab/agents/tool.ts'
import { complexityDocument, runEntry } from '#lab/documents/documents.ts'
import { documentSchemas } from '#lab/documents/schemas.ts'
import { listRuns } from '#trials/run-pieces.ts'

/** Asks until the rows of all runs are known: those of older runs are worked out by and by. */
export async function settledComplexity(
  client: Pick<ContractClient, 'selection'>,
  question: Parameters<ContractClient['selection']['complexity']>[0]
) {
  for (;;) {
    const complexity = await client.selection.complexity(question)
    if (complexity.pending === 0) return complexity
  }
}

const runId = z.number().int()

export function addJudgingTools(server: McpServer, { client }: Pick<Bench, 'client'>): void {
  addTool(server, 'list_runs', {
    title: 'List the runs of an experiment',
    description: 'Newest first, with topology, plan, seed and figures on the training and the validation part.',
    input: z.object({ experimentId: z.number().int(), limit: z.number().int().min(1).max(1000).default(100) }),
    output: documentSchemas.runs,
    readOnly: true,
    work: async (input) => {
      const experiment = await client.experiments.get(input)
      return { runs: (await listRuns(client, input)).map((run) => runEntry(run, experiment)) }
    }
  })

  addTool(server, 'complexity', {
    title: 'Show error over complexity',
    description:
      'The validation error of every topology tried over its complexity, the simplest one within the noise of the best, ' +
      'whether that is decided, and what would decide it. All that was tried counts, whoever tried it.',
    input: z.object({
      experimentId: z.number().int(),
      axis: z.enum(complexityAxes).default('parameters'),
      folds: foldCount
        .nullable()
        .default(null)
        .describe('Over the runs of so many folds; null: over the validation part')
    }),
    output: documentSchemas.complexity,
    readOnly: true,
    work: async (input) => complexityDocument(await settledComplexity(client, input))
  })

  addTool(server, 'compare', {
    title: 'Compare runs',
    description: 'Runs side by side, each with what its curves say of it and the next thing to try.',
    input: z.object({ runIds: z.array(runId).min(1).max(50) }),
    output: documentSchemas.compare,
    readOnly: true,
    work: async ({ runIds }) => ({
      runs: await Promise.all(
        runIds.map(async (id) => {
          const run = await client.runs.get({ runId: id })
          const experiment = await client.experiments.get({ experimentId: run.experimentId })
          return { ...runEntry(run, experiment), ...(await client.selection.verdict({ runId: id })) }
        })
      )
    })
  })

  addTool(server, 'understand', {
    title: 'Understand a run',
    description:
      'What a trained network gets wrong on the validation part, by which columns it judges (permutation importance), and ' +
      'what its curves say.',
    input: z.object({
      runId,
      worst: z.number().int().min(1).max(50).default(10).describe('How many of the worst rows')
    }),
    output: z.object({
      ...verdict.shape,
      details: runDetails.nullable(),
      importance: z.object({ measure: z.string(), error: z.number(), columns: z.array(columnImportance) }),
      worst: worstRows
    }),
    readOnly: true,
    work: async ({ runId: id, worst }, { signal, progress }) => {
      const judged = await client.selection.verdict({ runId: id })
      const details = await client.runs.details({ runId: id })
      const rows = await client.diagnostics.worstRows({ runId: id, limit: worst })
      for await (const item of await client.diagnostics.importance({ runId: id }, { signal })) {
        if (item.type === 'progress') progress(item.done, item.of, 'Shuffling columns')
        else {
          const { measure, error, columns } = item
          return { ...judged, details, importance: { measure, error, columns }, worst: rows }
        }
      }
      throw new Error('The importance of the columns was not worked out to its end.')
    }
  })

  addTool(server, 'open_test_part', {
    title: 'Open the sealed test part',
    description:
      'Gives the test figures of a run where a person has opened the test part for it. Where it is sealed, opens it only if ' +
      'a person has let an agent do so for this very run, once; that is recorded and counted for good.',
    input: z.object({ runId }),
    output: z.object({
      run: runId,
      test: partMetrics,
      opening,
      isNew: z.boolean().describe('Whether this call opened it, and so used up the leave')
    }),
    readOnly: false,
    work: async ({ runId: id }) => {
      const before = await client.runs.openedTest({ runId: id })
      const { test, opening: made } = before ?? (await client.runs.openTest({ runId: id, by: 'agent' }))
      return { run: id, test, opening: made, isNew: before === null }
    }
  })

  addTool(server, 'expect_test', {
    title: 'Tell what the test part should show',
    description: 'The error expected on the test part of a run before it is opened, from validation figures alone.',
    input: z.object({ runId }),
    output: z.object({ expectation: expectation.nullable() }),
    readOnly: true,
    work: async (input) => ({ expectation: await client.choice.expectation(input) })
  })
}
