/**
 * One network behind an address of this computer: rows in, predictions out, as JSON; and what it takes, as OpenAPI. Everything
 * about a request is bounded; the lab behind it is only read.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toLabError } from '#contract/client-errors.ts'
import type { ContractClient } from '#contract/contract.ts'
import type { FormColumn, PredictionForm, RowValues } from '#contract/predictions.ts'

/** Rows of one request; predictions.rows takes no more. */
const mostRows = 512
const mostBytes = 1024 * 1024
/** Requests answered at once; further ones are asked to come again. */
const mostAtOnce = 16

export interface ModelServerOptions {
  readonly client: Pick<ContractClient, 'predictions'>
  readonly runId: number
  readonly weights: 'best' | 'last'
  /** 0 takes any free port. */
  readonly port: number
  readonly version: string
}

export interface ModelServer {
  /** Ends without a slash. */
  readonly address: string
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly body: unknown
}

/**
 * Starts the server on 127.0.0.1: POST /predict takes `{"rows": [{...}]}`, GET /openapi.json describes it.
 * Errors: LabError as predictions.form(); rejects with the system's error where the port can't be had.
 */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const { client, runId, port } = options
  const form = await client.predictions.form({ runId })
  const description = describeModel(options, form)
  let underWay = 0
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: 16_384 })

  async function answer(request: IncomingMessage): Promise<Answer> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (!isLocal(request)) return refuse(421, 'This server answers to its address on this computer alone.')
    if (pathname === '/openapi.json' || pathname === '/') {
      return request.method === 'GET' ? { status: 200, body: description } : refuse(405, 'Get it with GET.')
    }
    if (pathname !== '/predict') return refuse(404, 'There is POST /predict, and GET /openapi.json which describes it.')
    if (request.method !== 'POST') return refuse(405, 'Rows are sent with POST.')
    if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
      return refuse(415, 'Send JSON, with the content type application/json.')
    }
    if (underWay >= mostAtOnce) return refuse(503, 'Too many requests at once; try again in a moment.')
    underWay++
    try {
      return await predict(options, form, await readBody(request))
    } finally {
      underWay--
    }
  }

  server.on('request', (request, response) => {
    void answer(request)
      .catch((error: unknown) => (error instanceof Refusal ? error.answer : refuse(500, toLabError(error).message)))
      .then((given) => send(request, response, given))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    }
  }
}

class Refusal extends Error {
  readonly answer: Answer
  constructor(answer: Answer) {
    super('A request was refused.')
    this.answer = answer
  }
}

function refuse(status: number, error: string): Answer {
  return { status, body: { error } }
}

/** A page of another site could else reach it through a name that it makes lead here. */
function isLocal({ headers, socket }: IncomingMessage): boolean {
  const host = headers.host?.toLowerCase()
  return (
    headers.origin === undefined &&
    (host === `127.0.0.1:${socket.localPort}` || host === `localhost:${socket.localPort}`)
  )
}

function send(request: IncomingMessage, response: ServerResponse, { status, body }: Answer): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // What is left of a body that is too large is not waited for.
    ...(request.complete ? {} : { connection: 'close' })
  })
  response.end(text)
}

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (bytes > mostBytes) throw new Refusal(refuse(413, `A request has at most ${mostBytes} bytes.`))
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

async function predict(
  { client, runId, weights }: ModelServerOptions,
  form: PredictionForm,
  body: string
): Promise<Answer> {
  const rows = rowsOf(body, form)
  if ('error' in rows) return refuse(422, rows.error)
  try {
    const predictions = await client.predictions.rows({ runId, weights, rows: rows.rows })
    return { status: 200, body: { predictions: predictions.map((each) => describePrediction(each, form)) } }
  } catch (error) {
    const { code, message } = toLabError(error)
    return refuse(code === 'bad_settings' ? 422 : 500, message)
  }
}

function rowsOf(body: string, { columns }: PredictionForm): { rows: RowValues[] } | { error: string } {
  let given: unknown
  try {
    given = JSON.parse(body)
  } catch {
    return { error: 'The body is no JSON.' }
  }
  const rows = typeof given === 'object' && given !== null && 'rows' in given ? given.rows : null
  if (!Array.isArray(rows) || rows.length === 0 || rows.length > mostRows) {
    return { error: `The body is {"rows": [...]} with 1 to ${mostRows} rows, each an object of values by column name.` }
  }
  const kinds = new Map(columns.map(({ column, kind }) => [column, kind]))
  const read: RowValues[] = []
  for (const [index, row] of rows.entries()) {
    if (typeof row !== 'object' || row === null || Array.isArray(row))
      return { error: `Row ${index + 1} is no object.` }
    const values: Record<string, string | number | null> = {}
    for (const [column, value] of Object.entries(row as Record<string, unknown>)) {
      if (typeof value === 'boolean') values[column] = kinds.get(column) === 'numeric' ? Number(value) : String(value)
      else if (value === null || typeof value === 'string' || typeof value === 'number') values[column] = value
      else
        return { error: `Row ${index + 1}: the value of "${column}" is neither text nor number, true, false or null.` }
    }
    read.push(values)
  }
  return { rows: read }
}

type Predicted = Awaited<ReturnType<ContractClient['predictions']['rows']>>[number]

function describePrediction({ label, value, probabilities }: Predicted, { classes }: PredictionForm): object {
  if (classes === null) return { value }
  return {
    label,
    probabilities: Object.fromEntries(classes.map((name, place) => [name, probabilities?.[place] ?? null]))
  }
}

/** What the server takes and gives, as OpenAPI 3.1. */
function describeModel({ runId, version }: ModelServerOptions, form: PredictionForm): object {
  const row = {
    type: 'object',
    additionalProperties: false,
    description: 'A value that is null or left out is missing.',
    properties: Object.fromEntries(form.columns.map((column) => [column.column, describeColumn(column)]))
  }
  const prediction =
    form.classes === null
      ? { type: 'object', required: ['value'], properties: { value: { type: 'number' } } }
      : {
          type: 'object',
          required: ['label', 'probabilities'],
          properties: {
            label: { type: 'string', enum: form.classes },
            probabilities: { type: 'object', additionalProperties: { type: 'number' } }
          }
        }
  const json = (schema: object) => ({ content: { 'application/json': { schema } } })
  const list = (name: string, items: object, most?: number) => ({
    type: 'object',
    required: [name],
    properties: { [name]: { type: 'array', minItems: 1, ...(most && { maxItems: most }), items } }
  })
  const error = { type: 'object', properties: { error: { type: 'string' } } }
  return {
    openapi: '3.1.0',
    info: { title: `Prediction of ${form.target}`, version, description: `Run ${runId} of Topology Lab.` },
    paths: {
      '/predict': {
        post: {
          summary: `Predicts ${form.target} for 1 to ${mostRows} rows`,
          requestBody: { required: true, ...json(list('rows', row, mostRows)) },
          responses: {
            200: { description: 'A prediction a row, in their order', ...json(list('predictions', prediction)) },
            default: { description: 'Why there is none, in a sentence', ...json(error) }
          }
        }
      }
    }
  }
}

function describeColumn(column: FormColumn): object {
  if (column.kind === 'categorical') {
    const examples = column.levels.slice(0, 100)
    return { type: ['string', 'number', 'boolean', 'null'], ...(examples.length > 0 && { examples }) }
  }
  const { minimum, maximum, date, clock } = column
  const form = date
    ? 'A date such as 2024-05-31, or days since 1970. '
    : clock
      ? 'A time such as 16:05, or hours. '
      : ''
  return {
    type: ['number', 'string', 'null'],
    description: `${form}In the training rows from ${minimum} to ${maximum}.`
  }
}
