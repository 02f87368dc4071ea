/** The process of the CLI: arguments, signals and exit code; everything else is in program.ts. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { runCli } from '#lab/cli/program.ts'

// From source and from out/main alike, the root is two folders up.
const root = resolve(import.meta.dirname, '../..')
const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))

const interruption = new AbortController()
let firstSignalAt = 0

/**
 * The first signal asks for an orderly end; another one after a while ends at once. Launchers and terminals may send
 * the same signal twice in a row, so what follows closely does not count.
 */
function interrupt(): void {
  if (firstSignalAt === 0) {
    firstSignalAt = performance.now()
    interruption.abort()
  } else if (performance.now() - firstSignalAt > 1000) {
    process.exit(130)
  }
}
process.on('SIGINT', interrupt)
process.on('SIGTERM', interrupt)
// A terminal that is closed; with nohup there is none, and listening would undo it.
if (process.stdout.isTTY) process.on('SIGHUP', interrupt)
// `lab runs | head` closes the pipe early: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  process.stderr.write(`The result can't be written to stdout: ${error.message}.\n`)
  process.exit(1)
})

process.exitCode = await runCli({
  args: process.argv.slice(2),
  root,
  version,
  terminal: { stdout: process.stdout, stderr: process.stderr },
  interrupted: interruption.signal
})
