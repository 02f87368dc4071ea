/** `lab serve`: the same lab in the browser, until the person stops it. */
import { LabError } from '#contract/errors.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { openBrowser } from '#lab/cli/open-browser.ts'
import { addressOfOwner, startWebHost } from '#lab/web/host.ts'

export interface ServeOptions {
  /** 0 takes any free port. */
  readonly port: number
  readonly open: boolean
}

/** Serves until interrupted; where another web host has the lab already, shows the way to it instead. */
export async function runServe(context: CliContext, { port, open }: ServeOptions): Promise<ExitCode> {
  const { root, labFolder, output, interrupted } = context
  const show = (address: string) => {
    output.result({ address }, () => `Topology Lab: ${address}`)
    if (open) openBrowser(address)
  }
  const host = await startWebHost({ root, labFolder, port }).catch((error: unknown) => {
    const elsewhere = error instanceof LabError && error.code === 'lab_busy' ? addressOfOwner(labFolder) : null
    if (elsewhere === null) throw error
    output.say('This lab is being served already; here is its address.')
    return elsewhere
  })
  if (typeof host === 'string') {
    show(host)
    return exitCodes.done
  }
  if (host.lookOnly) output.say(`${host.lookOnly.message} It is opened to be looked at.`)
  show(host.address)
  await new Promise<void>((resolve) => {
    if (interrupted.aborted) resolve()
    else interrupted.addEventListener('abort', () => resolve(), { once: true })
  })
  output.say('Closing the lab...')
  await host.close()
  return exitCodes.done
}
