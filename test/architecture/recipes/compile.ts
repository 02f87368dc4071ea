/** Compiles some files of the tree as they would be after changes, without writing them; says which do not compile. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import ts from 'typescript'

const root = resolve(import.meta.dirname, '../../..')
const { config } = ts.readConfigFile(resolve(root, 'tsconfig.base.json'), (path) => readFileSync(path, 'utf8')) as {
  config: unknown
}
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)

/** Files that were parsed before and are the same in every program: the libraries and whatever no change touches. */
const parsed = new Map<string, ts.SourceFile>()

/**
 * Finds the files with errors, by their paths from the root, sorted.
 * `files` are compiled with all that they import; `changes` gives the text of those that are changed.
 */
export function filesWithErrors(files: readonly string[], changes: ReadonlyMap<string, string>): string[] {
  const host = ts.createCompilerHost(options)
  const original = host.getSourceFile.bind(host)
  host.getSourceFile = (path, languageVersion, ...rest) => {
    const text = changes.get(path.slice(root.length + 1))
    if (text !== undefined) return ts.createSourceFile(path, text, languageVersion)
    const known = parsed.get(path) ?? original(path, languageVersion, ...rest)
    if (known) parsed.set(path, known)
    return known
  }
  const program = ts.createProgram(
    files.map((file) => resolve(root, file)),
    options,
    host
  )
  const wrong = ts.getPreEmitDiagnostics(program).flatMap(({ file }) => (file ? [file.fileName] : ['?']))
  return [...new Set(wrong.map((path) => path.slice(root.length + 1)))].sort()
}

/** Reads a file of the tree. */
export function textOf(path: string): string {
  return readFileSync(resolve(root, path), 'utf8')
}
