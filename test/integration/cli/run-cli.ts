/** Runs the CLI from source as a process of its own, with a lab in a temporary folder. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll } from 'vitest'

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

/** Starts the CLI. */
export function startCli(args: readonly string[], cwd = root): CliProcess {
  const child = spawn(process.execPath, [join(root, 'src-main', 'cli', 'main.ts'), ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const result = new Promise<CliResult>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
  const waitFor = (text: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        if (text.test(stdout)) resolve(stdout)
      }
      child.stdout.on('data', look)
      child.on('close', () => reject(new Error(`The CLI ended before it printed ${text}: ${stdout}${stderr}`)))
      look()
    })
  return { child, result, waitFor }
}

/** Runs the CLI to its end. */
export function runCli(args: readonly string[], cwd?: string): Promise<CliResult> {
  return startCli(args, cwd).result
}
