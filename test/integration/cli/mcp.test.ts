/** `lab mcp`: the protocol's own client drives a whole session over stdin and stdout; a person looks on and decides. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import type { CallToolResult, Progress } from '@modelcontextprotocol/sdk/types.js'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root, runCli, temporaryFolder } from '#test/integration/cli/run-cli.ts'
import { write } from '#test/integration/cli/tables.ts'

const lab = temporaryFolder()
const files = temporaryFolder()
const out = join(temporaryFolder(), 'out')
const budget = 14

let agent: Client
let experimentId: number

/** A table whose target is told by `x`, with a little that is not. */
const table = () => {
  const rows = Array.from({ length: 120 }, (_, row) => {
    const x = ((row * 37) % 120) / 12
    return `${x.toFixed(2)},${(row * 13) % 7},${x > 5 || row % 29 === 0 ? 'yes' : 'no'}`
  })
  return write(files, 'points.csv', ['x,noise,side', ...rows])
}

async function connect(...options: string[]): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [join(root, 'src-main', 'cli', 'main.ts'), 'mcp', '--lab', lab, ...options],
      cwd: root,
      stderr: 'ignore'
    })
  )
  return client
}

async function call<Document>(name: string, args: object = {}, onprogress?: (progress: Progress) => void) {
  const result = (await agent.callTool({ name, arguments: { ...args } }, undefined, { onprogress })) as CallToolResult
  const [content] = result.content
  expect(result.isError, content?.type === 'text' ? content.text : '').toBeFalsy()
  return result.structuredContent as Document
}

async function refusal(name: string, args: object): Promise<string> {
  const result = (await agent.callTool({ name, arguments: { ...args } })) as CallToolResult
  expect(result.isError).toBe(true)
  const [content] = result.content
  return content?.type === 'text' ? content.text : ''
}

beforeAll(async () => {
  expect(await runCli(['import', table(), '--lab', lab, '--quiet'])).toMatchObject({ code: 0 })
  agent = await connect('--runs', String(budget), '--minutes', '5', '--out', out)
  // Also makes the client check every document against the schema of its tool.
  await agent.listTools()
})

afterAll(() => agent.close())

test('says what it is for, and offers no tool that chooses, removes, or shows rows', async () => {
  expect(agent.getInstructions()).toContain('The test part is sealed')
  const { tools } = await agent.listTools()
  expect(tools.map(({ name }) => name).sort()).toEqual(
    [
      ...['list_datasets', 'describe_data', 'propose_experiment', 'create_experiment', 'list_experiments'],
      ...['describe_plan', 'session', 'train', 'forecast_sweep', 'sweep', 'list_runs'],
      ...['complexity', 'compare', 'understand', 'expect_test', 'open_test_part', 'report', 'export']
    ].sort()
  )
})

test('from the data to a trained network, with progress, within the budget', async () => {
  const { datasets } = await call<{ datasets: { id: string }[] }>('list_datasets')
  const datasetId = datasets[0]?.id
  const described = await call<{ dataset: { columns: { name: string }[] } }>('describe_data', { datasetId })
  expect(described.dataset.columns.map(({ name }) => name)).toEqual(['x', 'noise', 'side'])
  const asked = { datasetId, target: 'side', ignore: ['noise'] }
  const proposed = await call<{ settings: { columns: { role: string }[] } }>('propose_experiment', asked)
  expect(proposed.settings.columns.map(({ role }) => role)).toEqual(['input', 'ignored', 'target'])
  const made = await call<{ experiment: { id: number } }>('create_experiment', asked)
  expect(await call('create_experiment', asked)).toMatchObject({ experiment: { id: made.experiment.id }, isNew: false })
  experimentId = made.experiment.id

  const told: number[] = []
  const settings = { 'stopping.epochs': 20, 'optimizer.learningRate': 0.01 }
  const trained = await call<{ run: object }>('train', { experimentId, hidden: '4', settings }, ({ progress }) =>
    told.push(progress)
  )
  expect(trained.run).toMatchObject({ status: 'done', epochs: 20, plan: { optimizer: { learningRate: 0.01 } } })
  expect(told).toEqual([...told].sort((a, b) => a - b))
  expect(await call('session')).toMatchObject({ runs: budget - 1 })
})

test('what a setting does not allow is refused with a sentence, and costs nothing', async () => {
  const train = (settings: object) => refusal('train', { experimentId, hidden: '4', settings })
  expect(await train({ 'optimizer.speed': 1 })).toContain('There is no setting "optimizer.speed"')
  expect(await train({ 'stopping.epochs': -1 })).toMatch(/stopping\.epochs takes .*; -1 is none\./)
  expect(await refusal('train', { experimentId, hidden: '4y' })).toContain('4y')
  expect(await call('session')).toMatchObject({ runs: budget - 1 })
})

test('a sweep beyond the budget is refused before it starts; one within is judged, and counts as tried', async () => {
  const sweep = { experimentId, hidden: ['2', '8'], folds: null, seeds: 3, settings: { 'stopping.epochs': 15 } }
  const many = { ...sweep, seeds: 20 }
  const forecast = await call<{ runs: number }>('forecast_sweep', many)
  expect(await refusal('sweep', many)).toContain(`This takes ${forecast.runs} runs`)
  const done = await call<{ sweep: object; complexity: { tried: number } }>('sweep', sweep)
  expect(done.sweep).toMatchObject({ status: 'done', planned: 9, runs: { done: 9 } })
  // The two of the sweep, the baseline that it added, and the one that was trained by itself.
  expect(done.complexity.tried).toBe(4)
  expect(await call('session')).toMatchObject({ runs: budget - 10 })
  expect(await call('complexity', { experimentId })).toMatchObject({ tried: 4 })
  const { runs } = await call<{ runs: { id: number }[] }>('list_runs', { experimentId })
  const compared = await call<{ runs: { verdict: string }[] }>('compare', { runIds: [runs[0]?.id, runs.at(-1)?.id] })
  expect(compared.runs).toHaveLength(2)
  const understood = await call<{ importance: { columns: { column: string }[] } }>('understand', { runId: runs[0]?.id })
  expect(understood.importance.columns.map(({ column }) => column)).toEqual(['x'])
})

test('a call that is given up stops its run, which stays tried', async () => {
  const giveUp = new AbortController()
  const settings = { 'stopping.epochs': 100_000, 'stopping.patience': null }
  const training = agent.callTool(
    { name: 'train', arguments: { experimentId, hidden: '64x64', settings } },
    undefined,
    {
      signal: giveUp.signal,
      onprogress: ({ progress }) => {
        if (progress > 2) giveUp.abort()
      }
    }
  )
  await expect(training).rejects.toThrow()
  const status = async () => {
    const { runs } = await call<{ runs: { status: string }[] }>('list_runs', { experimentId, limit: 1 })
    return runs[0]?.status
  }
  await expect.poll(status, { timeout: 20_000 }).toBe('stopped')
  expect(await call('session')).toMatchObject({ runs: budget - 11 })
})

test('curves and reports are resources', async () => {
  const { resources } = await agent.listResources()
  expect(resources.map(({ uri }) => uri)).toContain(`lab://experiments/${experimentId}/report`)
  const read = async (uri: string) => {
    const [content] = (await agent.readResource({ uri })).contents
    return JSON.parse(content && 'text' in content ? content.text : '') as Record<string, unknown>
  }
  expect(await read('lab://runs/1/curve')).toMatchObject({ run: { id: 1 }, curve: { length: 20 } })
  expect(await read(`lab://experiments/${experimentId}/report`)).toMatchObject({ format: 'topology-lab-report' })
  await expect(agent.readResource({ uri: 'lab://runs/0x1/curve' })).rejects.toThrow(/named by their numbers/)
})

test('files go to the one folder that the person named', async () => {
  const written = await call<{ report: { path: string } }>('report', { experimentId, file: 'points' })
  expect(written.report.path).toBe(join(out, 'points.html'))
  await call('export', { runId: 1, format: 'js', file: 'points.js' })
  expect(readdirSync(out).sort()).toEqual(expect.arrayContaining(['points.html', 'points.js']))
  for (const file of ['../points.html', '/tmp/points.html', 'a/b.html', 'C:points', '.hidden']) {
    expect(await refusal('report', { experimentId, file })).toContain('file')
  }
  expect(existsSync(join(out, '..', 'points.html'))).toBe(false)
})

test('the test part stays sealed until a person opens it or lets the agent do so, for that run, once', async () => {
  const sealed = await refusal('open_test_part', { runId: 1 })
  expect(sealed).toContain('The test part is sealed.')
  expect(await call('expect_test', { runId: 1 })).toHaveProperty('expectation')
  // Whatever an agent may call or read, no figure of the test part is in it.
  const everything = JSON.stringify([
    await call('list_experiments'),
    await call('list_runs', { experimentId }),
    await call('compare', { runIds: [1] }),
    await call('complexity', { experimentId }),
    await call('understand', { runId: 1 }),
    await agent.readResource({ uri: 'lab://runs/1/curve' }),
    await agent.readResource({ uri: `lab://experiments/${experimentId}/report` })
  ])
  expect(everything).not.toMatch(/"test(Error|Loss|Accuracy)?\\?":\\?\{/)
  expect(everything).toMatch(/\\"openings\\": \[\]/)

  const leave = await runCli(['test', '1', '--let-agent', '--lab', lab, '--json'])
  expect(JSON.parse(leave.stdout)).toEqual({ run: 1, agentMayOpen: true })
  expect(await refusal('open_test_part', { runId: 2 })).toContain('sealed')
  const opened = await call<{ test: object }>('open_test_part', { runId: 1 })
  expect(opened).toMatchObject({ run: 1, isNew: true, opening: { count: 1 } })
  expect(await call('open_test_part', { runId: 1 })).toMatchObject({ test: opened.test, isNew: false })

  await runCli(['test', '2', '--let-agent', '--lab', lab])
  await runCli(['test', '2', '--not-let-agent', '--lab', lab])
  expect(await refusal('open_test_part', { runId: 2 })).toContain('sealed')
  const byPerson = await runCli(['test', '2', '--lab', lab, '--json'])
  const { test: figures } = JSON.parse(byPerson.stdout) as { test: object }
  expect(await call('open_test_part', { runId: 2 })).toMatchObject({
    test: figures,
    isNew: false,
    opening: { count: 2 }
  })
  const { experiments } = await call<{ experiments: { openings: number }[] }>('list_experiments')
  expect(experiments).toMatchObject([{ openings: 2 }])
})

test('what the agent’s program hears has no key to the lab', async () => {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [join(root, 'src-main', 'cli', 'main.ts'), 'mcp', '--lab', lab],
    cwd: root,
    stderr: 'pipe'
  })
  let heard = ''
  transport.stderr?.on('data', (piece: Buffer) => (heard += piece.toString()))
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(transport)
  await client.close()
  expect(heard).toContain('lab serve')
  expect(heard).not.toMatch(/key|http/)
})

test('a second session joins the same lab with a budget of its own; without a folder it writes nothing', async () => {
  const first = agent
  agent = await connect('--runs', '0')
  try {
    expect(await refusal('train', { experimentId, hidden: '2' })).toContain('This takes 1 run;')
    expect(await refusal('report', { experimentId, file: 'points' })).toContain('--out FOLDER')
    expect(await call('complexity', { experimentId })).toMatchObject({ tried: 5 })
  } finally {
    await agent.close()
    agent = first
  }
})
