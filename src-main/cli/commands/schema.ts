/** `lab schema [COMMAND...]`: the JSON Schema of the document that a command prints with --json. */
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { UsageError } from '#lab/cli/usage.ts'
import { documentNames, jsonSchemaOf } from '#lab/documents/schemas.ts'
import { oneOf } from '#engine/setting.ts'

/** Prints the schema of one command, or the names of all that have one. */
export function runSchema(context: CliContext, words: readonly string[], version: string): ExitCode {
  if (words.length === 0) {
    context.output.result({ commands: documentNames }, () => documentNames.join('\n'))
    return exitCodes.done
  }
  const text = words.join(' ')
  const name = documentNames.find((each) => each === text)
  if (!name) throw new UsageError(`schema takes ${oneOf(documentNames)}; "${text}" is none.`)
  const schema = jsonSchemaOf(name, version)
  context.output.result(schema, () => JSON.stringify(schema, null, 2))
  return exitCodes.done
}
