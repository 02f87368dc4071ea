/** `lab schema`: every command that prints a document has a schema, and the schema tells right from wrong. */
import { expect, test } from 'vitest'
import { root, runCli, temporaryFolder } from '#test/integration/cli/run-cli.ts'
import { holdToSchema, validatorOf } from '#test/integration/cli/documents.ts'
import { documentNames } from '#lab/documents/schemas.ts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = temporaryFolder()

/** These print no document of the lab's: one speaks another protocol, the other prints schemas. */
const withoutDocument = ['mcp', 'schema', 'help']

test('every command has a schema, and every schema a command', async () => {
  const { stdout } = await runCli(['schema', '--json'])
  const { commands } = JSON.parse(stdout) as { commands: string[] }
  expect(commands).toEqual(documentNames)
  const namesIn = (help: string) => [...help.matchAll(/^ {2}([a-z][a-z-]+) /gm)].map(([, name = '']) => name)
  const top = namesIn((await runCli(['--help'])).stdout)
  const units = namesIn((await runCli(['unit', '--help'])).stdout).map((name) => `unit ${name}`)
  const all = [...top, ...units].filter((name) => ![...withoutDocument, 'unit', 'unit help'].includes(name))
  expect([...commands].sort()).toEqual(all.sort())
})

test('a schema is a document of draft 2020-12 that says for which version it holds', async () => {
  const json = JSON.parse((await runCli(['schema', 'unit', 'perceptron', '--json'])).stdout) as Record<string, unknown>
  const text = JSON.parse((await runCli(['schema', 'unit', 'perceptron'])).stdout) as Record<string, unknown>
  expect(text).toEqual(json)
  expect(json).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:topology-lab:test:unit-perceptron',
    title: 'lab unit perceptron --json',
    type: 'object',
    additionalProperties: false
  })
})

test('an unknown command is wrong usage, told with those that are known', async () => {
  const { code, stderr } = await runCli(['schema', 'trian'])
  expect(code).toBe(2)
  expect(stderr).toContain('"trian" is none.')
})

test('every schema compiles in strict mode, and a document with a field too many or too few is not as it says', async () => {
  for (const name of documentNames) expect(() => validatorOf(name), name).not.toThrow()
  const args = ['plan', '--json', '--lab', join(folder, 'none')]
  const { stdout } = await runCli(args)
  const document = JSON.parse(stdout) as { settings: unknown[]; hidden: unknown[] }
  expect(() => holdToSchema(args, JSON.stringify({ ...document, more: 1 }))).toThrow(/additional properties/)
  expect(() => holdToSchema(args, JSON.stringify({ settings: document.settings }))).toThrow(/hidden/)
})

test('what the README names is a command with a schema', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const named = [...readme.matchAll(/^npm run -s lab -- schema (.+)$/gm)].map(([, name]) => name)
  expect(named.length).toBeGreaterThan(0)
  for (const name of named) expect(documentNames).toContain(name)
})
