/** Commands on experiments and their runs: experiments, runs, show, resume, stop, test. */
import type { CliContext, ExitCode } from '#lab/cli/context.ts'
import type { TestOptions } from '#lab/cli/commands/test.ts'
import type { CommandGroup } from '#lab/cli/groups/group.ts'

export const runCommands: CommandGroup = (program, { context, end }) => {
  program
    .command('experiments')
    .description('list the experiments, newest first, with the numbers and names that other commands take')
    .action(async () => {
      const { runExperiments } = await import('#lab/cli/commands/experiments.ts')
      end(await runExperiments(context()))
    })

  program
    .command('runs')
    .description('list the runs, newest first')
    .option('--experiment <name>', 'of this experiment only, by name or number')
    .action(async (options: { experiment?: string }) => {
      const { runRuns } = await import('#lab/cli/commands/runs.ts')
      end(await runRuns(context(), options))
    })

  const runCommand = (
    name: string,
    description: string,
    load: () => Promise<(context: CliContext, run: string) => Promise<ExitCode>>
  ) =>
    program
      .command(name)
      .description(description)
      .argument('<run>', 'the number of the run')
      .action(async (run: string) => {
        const command = await load()
        end(await command(context(), run))
      })
  runCommand(
    'show',
    'show a run; with --json also its curve',
    async () => (await import('#lab/cli/commands/show.ts')).runShow
  )
  runCommand(
    'resume',
    'go on with an interrupted, paused or stopped run',
    async () => (await import('#lab/cli/commands/resume.ts')).runResume
  )
  runCommand('stop', 'end a run where it stands', async () => (await import('#lab/cli/commands/stop.ts')).runStop)

  program
    .command('test')
    .description('open the sealed test part for a run, and record it')
    .argument('<run>', 'the number of the run')
    .option('--let-agent', 'open nothing, but let an agent (lab mcp) do so for this run, once')
    .option('--not-let-agent', 'take that back')
    .action(async (run: string, options: TestOptions) => {
      const { runTest } = await import('#lab/cli/commands/test.ts')
      end(await runTest(context(), run, options))
    })
}
