/**
 * Files that the system hands to the app: by double click, "open with" or a drop on its icon. They may come before there is
 * a page, one by one though they were opened together, and from a second start that ends at once.
 */
import { isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What the app can open, by the endings of names; package.json tells them to each system in its own way. */
export const openedEndings = ['toplab', 'csv', 'tsv', 'parquet', 'json', 'ndjson', 'jsonl', 'onnx'] as const

/** Files that were opened together come within this time, each in a process or an event of its own. */
const gatherMs = 200

/**
 * The files among arguments that are not all ours (Electron and Chromium add their own), as whole paths.
 * Paths are taken as they stand: `#` and `%` are signs like others in them, except in file: addresses, as Linux gives them.
 */
export function filesAmong(args: readonly string[], folder: string): string[] {
  const isOpened = (name: string) => openedEndings.some((ending) => name.toLowerCase().endsWith(`.${ending}`))
  return args
    .filter((arg) => !arg.startsWith('-'))
    .flatMap((arg) => pathOf(arg) ?? [])
    .filter(isOpened)
    .map((path) => (isAbsolute(path) ? path : resolve(folder, path)))
}

function pathOf(arg: string): string | null {
  if (!arg.startsWith('file:')) return arg
  try {
    return fileURLToPath(arg)
  } catch {
    // Of another machine, or not an address at all.
    return null
  }
}

/** Keeps files until the page takes them. */
export class OpenedFiles {
  #waiting: string[] = []
  #deliver: ((paths: string[]) => void) | null = null
  #timer: NodeJS.Timeout | null = null

  add(paths: readonly string[]): void {
    this.#waiting.push(...paths.filter((path) => !this.#waiting.includes(path)))
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#hand(), gatherMs)
  }

  /** Adds what a second start hands to the first, which may be of another version: whatever is no list of texts is none. */
  addHanded(handed: unknown): void {
    const files = typeof handed === 'object' && handed !== null && 'files' in handed ? handed.files : null
    if (Array.isArray(files)) this.add(files.filter((file): file is string => typeof file === 'string'))
  }

  /** Hands files to a page from now on, those that wait first; the result lets go again. */
  listen(deliver: (paths: string[]) => void): () => void {
    this.#deliver = deliver
    this.#timer ??= setTimeout(() => this.#hand(), gatherMs)
    return () => {
      if (this.#deliver === deliver) this.#deliver = null
    }
  }

  #hand(): void {
    this.#timer = null
    if (!this.#deliver || this.#waiting.length === 0) return
    const paths = this.#waiting
    this.#waiting = []
    this.#deliver(paths)
  }
}
