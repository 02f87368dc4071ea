/** What every command is given, and the codes it ends with. */
import type { Output, Terminal } from '#lab/cli/output.ts'

export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export interface CliContext {
  /** The repository's or the app's root. */
  readonly root: string
  readonly labFolder: string
  readonly output: Output
  readonly terminal: Terminal
  /** Aborted when the person presses Ctrl-C or the system asks for the end. */
  readonly interrupted: AbortSignal
}
