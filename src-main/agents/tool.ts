/** How a tool is told to the agent and called: schemas in and out, progress, and failures as one sentence. */
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js'
import type { ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js'
import type { z } from 'zod'
import type { ContractClient } from '#contract/contract.ts'
import type { Session } from '#lab/agents/session.ts'

/** What all tools work with. */
export interface Bench {
  readonly client: ContractClient
  readonly session: Session
  /** Where files may be written; null where the person named no folder. */
  readonly folder: string | null
}

/** One call of a tool. */
export interface Call {
  /** Aborted when the agent gives the call up. */
  readonly signal: AbortSignal
  /** Tells how far it is; nothing where the agent did not ask to be told. */
  readonly progress: (done: number, of: number, message: string) => void
}

interface Tool<Input extends z.ZodObject, Output extends z.ZodObject> {
  readonly title: string
  readonly description: string
  readonly input: Input
  readonly output: Output
  /** Whether it leaves lab and files as they are. */
  readonly readOnly: boolean
  readonly work: (input: z.output<Input>, call: Call) => Promise<z.input<Output>>
}

/** Adds a tool to the server. */
export function addTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  server: McpServer,
  name: string,
  { title, description, input, output, readOnly, work }: Tool<Input, Output>
): void {
  const annotations = { readOnlyHint: readOnly, destructiveHint: false, openWorldHint: false }
  const config: { inputSchema: z.ZodObject; outputSchema: z.ZodObject; title: string; description: string } = {
    title,
    description,
    inputSchema: input,
    outputSchema: output
  }
  server.registerTool(name, { ...config, annotations }, async (given, extra) => {
    const document = await work(given as z.output<Input>, { signal: extra.signal, progress: progressOf(extra) })
    // As a terminal prints it: numbers that are not finite become null.
    const text = JSON.stringify(document)
    return { content: [{ type: 'text', text }], structuredContent: JSON.parse(text) as Record<string, unknown> }
  })
}

function progressOf({ _meta, sendNotification }: RequestHandlerExtra<ServerRequest, ServerNotification>) {
  const progressToken = _meta?.progressToken
  let told = -1
  return (progress: number, total: number, message: string): void => {
    // The protocol wants each to be more than the one before.
    if (progressToken === undefined || progress <= told) return
    told = progress
    const params = { progressToken, progress, total, message }
    // An agent that went away needs no progress; its call ends by its signal.
    void sendNotification({ method: 'notifications/progress', params }).catch(() => undefined)
  }
}
