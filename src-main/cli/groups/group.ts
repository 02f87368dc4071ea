/** A group of commands: adds them to the program. Each loads what it runs when it is asked for. */
import type { Command } from 'commander'
import type { CliContext, ExitCode } from '#lab/cli/context.ts'

export interface GroupServices {
  /** Made when a command runs: global options are known only then. */
  readonly context: () => CliContext
  /** Says how the command ended. */
  readonly end: (code: ExitCode) => void
}

export type CommandGroup = (program: Command, services: GroupServices) => void
