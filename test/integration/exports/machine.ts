/** Tools of the machine that some exports are for. Tests that need one run where it is, and say so where it is not. */
import { spawnSync } from 'node:child_process'

const pythons = ['/usr/bin/python3', 'python3']

/** Gives a Python that has these modules, or says on stderr that there is none, and null. */
export function pythonWith(...modules: readonly string[]): string | null {
  const script = `import ${modules.join(', ')}`
  const found = pythons.find((command) => spawnSync(command, ['-c', script]).status === 0)
  if (found) return found
  process.stderr.write(`No Python with ${modules.join(' and ')} here: what needs it is not tested.\n`)
  return null
}

/** Gives a C compiler, or says on stderr that there is none, and null. */
export function cCompiler(): string | null {
  const found = ['cc', 'gcc', 'clang'].find((command) => spawnSync(command, ['--version']).status === 0)
  if (!found) process.stderr.write('No C compiler here: the C header is not tested.\n')
  return found ?? null
}

/** Runs a program to its end and gives what it prints. Errors: throws what it says on stderr where it fails. */
export function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${error?.message ?? ''}${stdout}${stderr}`)
  return stdout
}
