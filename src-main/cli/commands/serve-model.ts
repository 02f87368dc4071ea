/** `lab serve-model RUN`: one network behind an address of this computer, until the person stops it. */
import { LabError } from '#contract/errors.ts'
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { requireRun } from '#lab/cli/find.ts'
import { startModelServer } from '#lab/web/model-server.ts'

export interface ServeModelOptions {
  readonly port: number
  readonly weights: 'best' | 'last'
}

/** Serves until interrupted. The lab is read beside whoever owns it, so that others can work in it meanwhile. */
export function runServeModel(context: CliContext, text: string, options: ServeModelOptions): Promise<ExitCode> {
  return withLab(context, 'look', async ({ client }) => {
    const { output, interrupted } = context
    const { id } = await requireRun(client, text)
    const { version } = await client.host.info()
    const { port } = options
    const server = await startModelServer({ client, runId: id, version, ...options }).catch((error: unknown) => {
      const code = error instanceof Error && 'code' in error ? error.code : null
      if (code !== 'EADDRINUSE') throw error
      throw new LabError('conflict', `Port ${port} is in use; choose another one with --port.`)
    })
    const { address } = server
    output.result(
      { run: id, address },
      () => `Run ${id}: POST ${address}/predict, described by ${address}/openapi.json`
    )
    await new Promise<void>((resolve) => {
      if (interrupted.aborted) resolve()
      else interrupted.addEventListener('abort', () => resolve(), { once: true })
    })
    await server.close()
    return exitCodes.done
  })
}
