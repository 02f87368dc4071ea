/** A worker on a folder of units: claims, trains, writes results, until nothing is left that it could train. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { LabError } from '#contract/errors.ts'
import { claimUnit } from '#lab/workers/folder/claims.ts'
import { folders, pathOf, readBounded, readManifest, readUnit, writeWhole } from '#lab/workers/folder/layout.ts'
import { mostBytes, poisonedResult, readStand, type UnitStand } from '#lab/workers/result.ts'
import { mostFailures, type UnitTrainer } from '#lab/workers/train-units.ts'
import type { Unit } from '#lab/workers/unit.ts'
import { toWire } from '#lab/workers/wire.ts'

export interface FolderWork {
  readonly folder: string
  readonly trainer: UnitTrainer
  /** How many units train at once. */
  readonly cores: number
  /** This worker begins with every `count`-th unit from `index` on, and then helps with the others. */
  readonly array: { readonly index: number; readonly count: number } | null
  readonly signal: AbortSignal
  readonly onProgress: (done: number, of: number) => void
}

export interface FolderWorked {
  /** Units that this worker trained. */
  readonly trained: number
  /** Units that have a result now. */
  readonly done: number
  readonly of: number
}

/**
 * Works until nothing is left.
 * Errors: LabError 'bad_file' for a folder that is none, 'engine' where the machine failed three units in a row.
 */
export async function workOnFolder({
  folder,
  trainer,
  cores,
  array,
  signal,
  onProgress
}: FolderWork): Promise<FolderWorked> {
  const { names } = await readManifest(folder)
  for (const name of folders) await mkdir(join(folder, name), { recursive: true })
  const order = array === null ? names : ownFirst(names, array)
  const checked = new Map<string, Promise<void>>()
  let next = 0
  let trained = 0
  let failures = 0
  let problem: Error | null = null

  async function trainNext(): Promise<void> {
    for (let name = order[next++]; name !== undefined; name = order[next++]) {
      if (signal.aborted || problem !== null) return
      if (await has(pathOf.result(folder, name))) continue
      const claim = await claimUnit(folder, name)
      if (claim === 'taken') continue
      const unit = await readUnit(folder, name)
      if (claim === 'poison') {
        await writeWhole(pathOf.result(folder, name), toWire(poisonedResult(name)))
        continue
      }
      try {
        await expectTables(unit)
        const result = await trainer.train({ unit, name, stand: await standOf(unit, name) }, keepStand, signal)
        await writeWhole(pathOf.result(folder, name), toWire(result))
        await rm(pathOf.stand(folder, name), { force: true })
        failures = 0
        onProgress(++trained, names.length)
      } catch (error) {
        if (signal.aborted) {
          // An orderly end is no failure: the unit is given back as if nobody had begun it.
          await rm(pathOf.claim(folder, name, claim.turn), { force: true })
          return
        }
        if (++failures >= mostFailures) problem = error instanceof Error ? error : new Error(String(error))
      } finally {
        claim.release()
      }
    }
  }

  const keepStand = (stand: UnitStand) =>
    void writeWhole(pathOf.stand(folder, stand.unit), toWire(stand)).catch(() => undefined)

  /** One that is damaged, or of an earlier version, is as good as none. */
  async function standOf(unit: Unit, name: string): Promise<UnitStand | null> {
    try {
      const text = await readBounded(pathOf.stand(folder, name), mostBytes(unit))
      return text === null ? null : readStand(text, unit, name)
    } catch {
      return null
    }
  }

  async function expectTables({ table: { train, validation } }: Unit): Promise<void> {
    for (const part of validation ? [train, validation] : [train]) {
      const known = checked.get(part.sha256) ?? expectContent(pathOf.table(folder, part.sha256), part.sha256)
      checked.set(part.sha256, known)
      await known
    }
  }

  await Promise.all(Array.from({ length: cores }, trainNext))
  // Set by another turn of the loop above, which the compiler does not see.
  const failed = problem as Error | null
  if (failed) throw failed
  const results = await Promise.all(names.map((name) => has(pathOf.result(folder, name))))
  return { trained, done: results.filter(Boolean).length, of: names.length }
}

function ownFirst(names: readonly string[], { index, count }: { index: number; count: number }): string[] {
  const isOwn = (place: number) => place % count === index % count
  const own = names.filter((_, place) => isOwn(place))
  // Others are helped from the end of their share, where they come last.
  return [...own, ...names.filter((_, place) => !isOwn(place)).reverse()]
}

async function has(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}

async function expectContent(path: string, sha256: string): Promise<void> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  if (hash.digest('hex') !== sha256)
    throw new LabError('bad_file', `${path} is not what its name says.`, { file: path })
}
