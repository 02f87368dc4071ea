/**
 * The lab as a server of the Model Context Protocol: a person's agent describes data, plans, trains, compares and reports.
 * It calls the same contract as window and terminal, and keeps what they keep: nothing here removes a run, chooses for a
 * person, shows rows of the sealed test part, or opens it without a person's leave. Knows no transport.
 */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { addResources } from '#lab/agents/resources.ts'
import type { Bench } from '#lab/agents/tool.ts'
import { addDataTools } from '#lab/agents/tools/data.ts'
import { addJudgingTools } from '#lab/agents/tools/judging.ts'
import { addLeavingTools } from '#lab/agents/tools/leaving.ts'
import { addTrainingTools } from '#lab/agents/tools/training.ts'

const instructions = [
  'Topology Lab finds the right feedforward network for a table, the disciplined way: train on the training part, choose on ' +
    'the validation part, look at the test part once.',
  '',
  '1. list_datasets and describe_data, then propose_experiment and create_experiment.',
  '2. train one small network to see that it learns; understand tells what it gets wrong.',
  '3. sweep over topologies, from none (no hidden layer) up, and read complexity: it names the simplest topology within the ' +
    'noise of the best, and what would decide it. forecast_sweep tells the price before.',
  '4. report and export for the person, who chooses.',
  '',
  "Every run counts as tried, also one that you stop, and makes luck larger. The budget of runs and minutes is a person's " +
    'to set. The test part is sealed: only a person opens it, or lets you open it for one run, once.'
].join('\n')

/** Makes a server of one session. */
export function createAgentServer(bench: Bench, version: string): McpServer {
  const server = new McpServer({ name: 'topology-lab', title: 'Topology Lab', version }, { instructions })
  addDataTools(server, bench)
  addTrainingTools(server, bench)
  addJudgingTools(server, bench)
  addLeavingTools(server, bench)
  addResources(server, bench.client)
  return server
}
