/**
 * The files of the stored tables, <lab>/datasets/<hash>.parquet: owns which of them are wanted, and deletes the others once
 * nobody adds a table that might be one of them.
 */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '#contract/errors.ts'
import { fileOfHash, forgetContent, KnownContents } from '#lab/datasets/known-content.ts'
import type { DatasetQueries } from '#lab/store/datasets.ts'

export class TableFiles {
  readonly #folder: string
  readonly #datasets: DatasetQueries
  readonly #contents = new KnownContents()
  #addingNow = 0
  #deleting: Promise<unknown> = Promise.resolve()
  /** Contents whose data set was removed while others were added. */
  readonly #unwanted = new Set<string>()

  constructor(folder: string, datasets: DatasetQueries) {
    this.#folder = folder
    this.#datasets = datasets
  }

  pathOf(hash: string): string {
    return join(this.#folder, `${hash}.parquet`)
  }

  /** The file of a table that is as it was stored. Errors: LabError 'lab_unusable' where it is damaged or gone. */
  async find(hash: string): Promise<string> {
    const path = this.pathOf(hash)
    const content = await this.#contents.look(path)
    if (content === 'whole') return path
    // Labs of before kept no hash; one that can't be written to keeps none.
    if (content === 'unknown') await this.recordFile(path).catch(() => undefined)
    else throw damagedTable(this.#datasets.findByHash(hash)?.name ?? hash, content === 'missing')
    return path
  }

  /** Keeps the hash of a file's content, by which find() sees damage. */
  recordFile(path: string): Promise<void> {
    return this.#contents.record(path)
  }

  /** Does what may add a table: whatever is removed meanwhile, its file stays, which may be the one that is added. */
  async adding<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#addingNow++
    try {
      await this.#deleting
      return await work()
    } finally {
      this.#addingNow--
      this.#deleteUnwanted()
    }
  }

  /** Deletes the file of a data set that was removed. */
  async remove(hash: string): Promise<void> {
    this.#unwanted.add(hash)
    this.#deleteUnwanted()
    await this.#deleting
  }

  #deleteUnwanted(): void {
    if (this.#addingNow > 0) return
    const strays = [...this.#unwanted].filter((hash) => this.#datasets.findByHash(hash) === null)
    this.#unwanted.clear()
    // A file that can't be deleted now is when the lab is opened again.
    this.#deleting = Promise.allSettled([this.#deleting, ...strays.map((hash) => deleteTable(this.pathOf(hash)))])
  }

  /** Deletes files that belong to no data set: what a killed import left behind. */
  async clean(): Promise<void> {
    const known = new Set(this.#datasets.list().map(({ hash }) => `${hash}.parquet`))
    const names = await readdir(this.#folder)
    const strays = names.filter((name) => !known.has(fileOfHash(name) ?? name))
    await Promise.all(strays.map((name) => rm(join(this.#folder, name), { recursive: true, force: true })))
  }

  async close(): Promise<void> {
    await this.#deleting
  }
}

async function deleteTable(path: string): Promise<void> {
  await rm(path, { force: true })
  await forgetContent(path)
}

function damagedTable(name: string, isMissing: boolean): LabError {
  const what = isMissing ? 'is not in the lab any more' : 'is not what was stored: its file was damaged or replaced'
  return new LabError(
    'lab_unusable',
    `The table of "${name}" ${what}. Import the same file again in the same way, and it is stored anew; experiments and runs stay as they are.`
  )
}
