/** Runs the CLI from source: in this process, or as one of its own where signals and the whole way matter. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, onTestFinished } from 'vitest'
import { runCli as runProgram } from '#lab/cli/program.ts'
import { holdToSchema } from '#test/integration/cli/documents.ts'

export const root = resolve(import.meta.dirname, '../../..')

export interface CliResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CliProcess {
  readonly child: ChildProcess
  readonly result: Promise<CliResult>
  /** Resolves with what stdout holds once it holds the text. */
  readonly waitFor: (text: RegExp) => Promise<string>
}

/** A temporary folder that is removed after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'topology-lab-cli-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

/** Runs a command line to its end in this process, with streams that are no terminal; a document that it prints is held to its schema. */
export async function runCli(args: readonly string[]): Promise<CliResult> {
  const terminal = { stdout: new PassThrough(), stderr: new PassThrough() }
  const said = Promise.all([text(terminal.stdout), text(terminal.stderr)])
  const interrupted = new AbortController().signal
  const code = await runProgram({ args, root, version: 'test', terminal, interrupted })
  terminal.stdout.end()
  terminal.stderr.end()
  const [stdout, stderr] = await said
  holdToSchema(args, stdout)
  return { code, stdout, stderr }
}

/** Starts the CLI as a process of its own, which a test that fails takes with it. */
export function startCli(args: readonly string[]): CliProcess {
  const child = spawn(process.execPath, [join(root, 'src-main', 'cli', 'main.ts'), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe']
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (stdout += piece))
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (stderr += piece))
  const result = new Promise<CliResult>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
  const waitFor = (wanted: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        if (wanted.test(stdout)) resolve(stdout)
      }
      child.stdout.on('data', look)
      child.on('close', () => reject(new Error(`The CLI ended before it printed ${wanted}: ${stdout}${stderr}`)))
      look()
    })
  return { child, result, waitFor }
}
