/** Commands about the lab as a whole: serve, mcp, check, schema. */
import type { McpOptions } from '#lab/cli/commands/mcp.ts'
import type { CommandGroup } from '#lab/cli/groups/group.ts'
import { readNumber, readWhole } from '#lab/cli/usage.ts'

export const hostCommands: CommandGroup = (program, { context, end }) => {
  program
    .command('serve')
    .description('serve the lab to a browser on this computer')
    .option('--port <n>', 'port on 127.0.0.1 (default: any free one)', readWhole('--port', 0, 65_535), 0)
    .option('--no-open', 'only print the address')
    .action(async (options: { port: number; open: boolean }) => {
      const { runServe } = await import('#lab/cli/commands/serve.ts')
      end(await runServe(context(), options))
    })

  program
    .command('mcp')
    .description('serve the lab to an agent over stdin and stdout (Model Context Protocol), within a budget')
    .option('--runs <n>', 'runs that the agent may start in this session', readWhole('--runs', 0), 200)
    .option('--minutes <n>', 'minutes that it may train in this session', readNumber('--minutes'), 60)
    .option('--out <folder>', 'the one folder that it may write reports and exports to (default: none)')
    .action(async (options: McpOptions) => {
      const { runMcp } = await import('#lab/cli/commands/mcp.ts')
      end(await runMcp(context(), options, program.version() ?? ''))
    })

  program
    .command('check')
    .description('look through all that the lab keeps: database, tables, caches, strays, rights')
    .option('--mend', 'mend what can be mended; without it nothing is changed')
    .action(async (options: { mend?: boolean }) => {
      const { runCheck } = await import('#lab/cli/commands/check.ts')
      end(await runCheck(context(), options.mend ?? false))
    })

  program
    .command('schema')
    .description(
      'print the JSON Schema of the document that a command prints with --json; without a command, list them'
    )
    .argument('[command...]', 'such as train, or unit perceptron')
    .action(async (words: string[]) => {
      const { runSchema } = await import('#lab/cli/commands/schema.ts')
      end(runSchema(context(), words, program.version() ?? ''))
    })
}
