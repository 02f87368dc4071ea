/**
 * The command line: global options, the groups of commands, and how an end is told. Each command is loaded when it is
 * asked for, so that help and listings do not wait for what they don't need.
 */
import { Command, CommanderError } from 'commander'
import { resolve } from 'node:path'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { choosingCommands } from '#lab/cli/groups/choosing.ts'
import { dataCommands } from '#lab/cli/groups/data.ts'
import { foundationCommands } from '#lab/cli/groups/foundations.ts'
import type { CommandGroup } from '#lab/cli/groups/group.ts'
import { hostCommands } from '#lab/cli/groups/hosts.ts'
import { transferCommands } from '#lab/cli/groups/transfers.ts'
import { modelCommands } from '#lab/cli/groups/models.ts'
import { runCommands } from '#lab/cli/groups/runs.ts'
import { trainingCommands } from '#lab/cli/groups/training.ts'
import { createOutput, type Terminal } from '#lab/cli/output.ts'
import { isUnexpected, sentenceOf } from '#lab/cli/sentence.ts'
import { UsageError } from '#lab/cli/usage.ts'
import { usualLabFolder } from '#lab/hosts/lab-folder.ts'
import { createLogFile } from '#lab/hosts/log-file.ts'

/** In the order that help lists them. */
const groups: readonly CommandGroup[] = [
  dataCommands,
  trainingCommands,
  choosingCommands,
  runCommands,
  modelCommands,
  transferCommands,
  foundationCommands,
  hostCommands
]

export interface CliStart {
  readonly args: readonly string[]
  readonly root: string
  readonly version: string
  readonly terminal: Terminal
  readonly interrupted: AbortSignal
}

interface GlobalOptions {
  readonly lab?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

/**
 * Runs one command line to its end.
 * Errors: none; what goes wrong is a sentence on stderr and the exit code.
 */
export async function runCli(start: CliStart): Promise<ExitCode> {
  const { terminal, interrupted } = start
  let exitCode: ExitCode = exitCodes.done
  const program = buildProgram(start, (code) => (exitCode = code))
  try {
    await program.parseAsync(start.args, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done
    const { quiet = false } = program.opts<GlobalOptions>()
    const output = createOutput(terminal, { json: false, quiet })
    if (error instanceof UsageError || error instanceof CommanderError) {
      output.fail(`${usageSentence(error, start.args)} See: ${helpCommand(program, start.args)}`)
      return exitCodes.usage
    }
    if (!interrupted.aborted && isUnexpected(error)) {
      createLogFile(labFolderOf(program, terminal))(
        'error',
        error instanceof Error ? (error.stack ?? error.message) : String(error)
      )
    }
    output.fail(interrupted.aborted ? 'Interrupted.' : sentenceOf(error))
    return interrupted.aborted ? exitCodes.interrupted : exitCodes.failed
  }
}

function buildProgram({ root, version, terminal, interrupted }: CliStart, end: (code: ExitCode) => void): Command {
  const program = new Command('lab')
    .description('Topology Lab from a terminal: train on the training part, choose on the validation part.')
    .version(version)
    .option('--lab <dir>', 'lab folder (default: the data folder of the system)')
    .option('--json', 'print exactly one JSON document on stdout')
    .option('--quiet', 'print the result only, no progress and no remarks')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    // Sentences of our own take the place of commander's; its help keeps its way.
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: () => undefined
    })

  const context = (): CliContext => {
    const { json = false, quiet = false } = program.opts<GlobalOptions>()
    return {
      root,
      labFolder: labFolderOf(program, terminal),
      terminal,
      interrupted,
      output: createOutput(terminal, { json, quiet })
    }
  }

  for (const addCommands of groups) addCommands(program, { context, end })
  // Subcommands made by .command() inherit exitOverride and output of the program.
  return program
}

function labFolderOf(program: Command, terminal: Terminal): string {
  const { lab } = program.opts<GlobalOptions>()
  if (lab !== undefined) return resolve(lab)
  return usualLabFolder((sentence) => void terminal.stderr.write(`${sentence}\n`))
}

/** Makes commander's "error: unknown option '--x'" a sentence. */
function usageSentence(error: UsageError | CommanderError, args: readonly string[]): string {
  if (error.message === '(outputHelp)') {
    const asked = args.includes('help') ? args[args.indexOf('help') + 1] : undefined
    return asked === undefined ? 'A command is missing.' : `Unknown command '${asked}'.`
  }
  const text = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ')
  const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}`
  return /[.)?]$/.test(sentence) ? sentence : `${sentence}.`
}

function helpCommand(program: Command, args: readonly string[]): string {
  const command = program.commands.find((candidate) => args.includes(candidate.name()))
  return ['lab', ...(command ? [command.name()] : []), '--help'].join(' ')
}
