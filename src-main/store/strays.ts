/**
 * Files that are written beside a person's own before they take their name. Each is noted in the lab first, so that one whose
 * process was killed is found and removed when the lab is opened again.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'

export class Strays {
  /** Where the notes are; null in a lab that can't be written, where nothing is noted. */
  readonly #folder: string | null

  constructor(labFolder: string | null) {
    this.#folder = labFolder && join(labFolder, 'strays')
  }

  /**
   * Does work with the name of a hidden file or folder beside `path`, which does not exist yet, and removes what is left of
   * it. Errors: those of the work.
   */
  async beside<Result>(path: string, ending: string, work: (temporary: string) => Promise<Result>): Promise<Result> {
    const id = randomUUID()
    const temporary = join(dirname(resolve(path)), `.${id}${ending}`)
    const note = this.#folder && join(this.#folder, id)
    if (note) await this.#note(note, temporary)
    try {
      return await work(temporary)
    } finally {
      await rm(temporary, { recursive: true, force: true })
      if (note) await rm(note, { force: true })
    }
  }

  /** Removes what killed processes have left; for a lab in which nobody writes yet. */
  async clean(): Promise<void> {
    if (this.#folder === null) return
    for (const id of await readdir(this.#folder).catch(() => [])) {
      const note = join(this.#folder, id)
      const path = await readFile(note, 'utf8').catch(() => '')
      // Nothing but what has the name that was made for it.
      const isOurs = /^[0-9a-f-]{36}$/.test(id) && isAbsolute(path) && basename(path).startsWith(`.${id}`)
      if (isOurs) await rm(path, { recursive: true, force: true }).catch(() => undefined)
      await rm(note, { recursive: true, force: true })
    }
  }

  /** A note that can't be written, as on a full disk, is no reason to write nothing. */
  async #note(note: string, temporary: string): Promise<void> {
    try {
      await mkdir(dirname(note), { recursive: true, mode: 0o700 })
      await writeFile(note, temporary, { mode: 0o600 })
    } catch {
      // The folder is then left for the person to find, as it was before there were notes.
    }
  }
}
