/** `lab mcp`: the lab for a person's agent, over stdin and stdout, until the agent goes. */
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { LabError } from '#contract/errors.ts'
import { createAgentServer } from '#lab/agents/server.ts'
import { Session, type SessionLimits } from '#lab/agents/session.ts'
import { joinOwner } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { addressOfOwner, startWebHost } from '#lab/web/host.ts'

export interface McpOptions extends SessionLimits {
  readonly out?: string
}

/**
 * Joins the web host that has the lab, or becomes it: so a person can look on in a browser or another terminal, and give
 * there what an agent can not give itself.
 */
export async function runMcp(context: CliContext, { out, ...limits }: McpOptions, version: string): Promise<ExitCode> {
  const { root, labFolder, output, interrupted } = context
  const folder = out === undefined ? null : resolve(out)
  if (folder !== null) mkdirSync(folder, { recursive: true })
  const host = await startWebHost({ root, labFolder, port: 0 }).catch((error: unknown) => {
    if (error instanceof LabError && error.code === 'lab_busy' && addressOfOwner(labFolder) !== null) return null
    throw error
  })
  try {
    // Not the address: its key opens all, and what is said here is in the hands of the agent's program.
    output.say('The lab is open to this agent. To look on: lab serve')
    const connection = await joinOwner(labFolder)
    try {
      const server = createAgentServer({ client: connection.client, session: new Session(limits), folder }, version)
      const ended = new Promise<void>((done) => {
        server.server.onclose = done
        // The transport does not tell that the agent has closed its end.
        process.stdin.once('end', done)
        interrupted.addEventListener('abort', () => done(), { once: true })
      })
      await server.connect(new StdioServerTransport())
      await ended
      await server.close()
    } finally {
      await connection.close()
    }
  } finally {
    await host?.close()
  }
  return exitCodes.done
}
