/**
 * Holds files and functions to a size that can be read in one sitting. Generated code is exempt; so is a file whose first
 * comment says `Long because` and why.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const mostFileLines = 400
const mostFunctionLines = 120

const sources = ['src-engine', 'src-main', 'src-renderer']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
  )
  .filter((path) => ['.ts', '.svelte'].includes(extname(path)))

const read = (path: string) => readFileSync(join(root, path), 'utf8')

/** Whether the head of a file says why it is long. */
function hasReason(text: string): boolean {
  const head = /^(\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->|(\/\/.*\n)+)/.exec(text)?.[0] ?? ''
  return /Long because \S+/.test(head.replaceAll(/\n \*? ?/g, ' '))
}

const lineCount = (text: string) => text.trimEnd().split('\n').length

/** The script parts of a component, or a whole module. */
function scriptsOf(path: string, text: string): string[] {
  if (extname(path) === '.ts') return [text]
  return [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, script = '']) => script)
}

/** Functions beyond the limit, by name and length. */
function longFunctions(script: string): string[] {
  const source = ts.createSourceFile('script.ts', script, ts.ScriptTarget.Latest, true)
  const lineAt = (position: number) => source.getLineAndCharacterOfPosition(position).line
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const lines = lineAt(node.end) - lineAt(node.getStart()) + 1
      if (lines > mostFunctionLines) found.push(`${node.name?.getText() ?? 'a function'}: ${lines} lines`)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

test('no file is too long to be read in one sitting, but for those that say why', () => {
  const long = sources.map((path) => ({ path, text: read(path) })).filter(({ text }) => lineCount(text) > mostFileLines)
  expect(long.filter(({ text }) => !hasReason(text)).map(({ path, text }) => `${path}: ${lineCount(text)}`)).toEqual([])
})

test('no function is too long to be held in the head', () => {
  const long = sources.flatMap((path) => {
    const text = read(path)
    return hasReason(text)
      ? []
      : scriptsOf(path, text)
          .flatMap(longFunctions)
          .map((found) => `${path} ${found}`)
  })
  expect(long).toEqual([])
})

test('what is too long is found, wherever it stands', () => {
  const body = 'work()\n'.repeat(mostFunctionLines)
  expect(longFunctions(`const far = () => {\n${body}}`)).toEqual([`a function: ${mostFunctionLines + 2} lines`])
  expect(longFunctions(`class A {\n  run() {\n${body}}\n}`)).toEqual([`run: ${mostFunctionLines + 2} lines`])
  expect(scriptsOf('A.svelte', `<p></p><script lang="ts">${body}</script>`)).toEqual([body])
  expect(hasReason('/**\n * A table.\n * Long because it is one.\n */\nconst a = 1')).toBe(true)
  expect(hasReason('/** A table. */\n// Long because it is one.')).toBe(false)
})
