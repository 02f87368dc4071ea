/**
 * A folder of units, on any disk that several machines share. Nothing in it is a database, and nothing is written twice in
 * place: files appear whole by their rename, and a claim by the creation of its file, which NFS and SMB do atomically.
 *
 *   units.json                     what the folder is, and of which sweep
 *   tables/HASH.f32                prepared training and validation parts; the test part never leaves the lab
 *   units/NAME.json                what is to be trained, named by its content
 *   claims/NAME.1, NAME.2, ...     who trains it; the highest number counts
 *   stands/NAME.json               how far a long one is
 *   results/NAME.json              what it came to
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { LabError } from '#contract/errors.ts'
import { nameOfUnit, type Unit, unit, wireVersion } from '#lab/workers/unit.ts'

const manifest = z.object({
  format: z.literal('topology-lab-units'),
  version: z.number().int(),
  lab: z.string().describe('Version of the lab that wrote it'),
  sweepId: z.number().int(),
  names: z.array(z.string().regex(/^[0-9a-f]{40}$/)).max(20_000)
})

export type Manifest = z.infer<typeof manifest>

/** More than any unit or manifest is; what is larger was written by nobody who means well. */
const mostTextBytes = 8 * 2 ** 20

export const folders = ['tables', 'units', 'claims', 'stands', 'results'] as const

export const pathOf = {
  manifest: (folder: string) => join(folder, 'units.json'),
  table: (folder: string, sha256: string) => join(folder, 'tables', `${sha256}.f32`),
  unit: (folder: string, name: string) => join(folder, 'units', `${name}.json`),
  claim: (folder: string, name: string, turn: number) => join(folder, 'claims', `${name}.${turn}`),
  stand: (folder: string, name: string) => join(folder, 'stands', `${name}.json`),
  result: (folder: string, name: string) => join(folder, 'results', `${name}.json`)
}

/** Writes a file that appears whole or not at all. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await writeFile(temporary, text)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Reads a text of at most so many bytes; null where there is none. Errors: LabError 'bad_file' for a larger one. */
export async function readBounded(path: string, mostBytes = mostTextBytes): Promise<string | null> {
  const found = await stat(path).catch(() => null)
  if (!found) return null
  if (found.size <= mostBytes) return readFile(path, 'utf8')
  throw new LabError('bad_file', `${path} is larger than it can be; it is not read.`, { file: path })
}

/** Makes a folder of units. Errors: LabError 'conflict' where there is one already. */
export async function makeUnitFolder(folder: string): Promise<void> {
  if (await stat(pathOf.manifest(folder)).catch(() => null)) {
    throw new LabError('conflict', `${folder} has units already; take their results in, or name another folder.`)
  }
  for (const name of folders) await mkdir(join(folder, name), { recursive: true })
}

/** Reads what a folder is. Errors: LabError 'bad_file' for one without units, or of another version. */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readBounded(pathOf.manifest(folder))
  if (text === null) throw new LabError('bad_file', `${folder} is no folder of units; lab sweep --to writes one.`)
  const parsed = manifest.safeParse(parseJson(text))
  if (!parsed.success) throw new LabError('bad_file', `${pathOf.manifest(folder)} is damaged.`)
  if (parsed.data.version === wireVersion) return parsed.data
  throw new LabError(
    'bad_file',
    `The units in ${folder} are of version ${parsed.data.version} of Topology Lab ${parsed.data.lab}; this one knows ` +
      `version ${wireVersion}. Use the same version at both ends.`
  )
}

/** Reads a unit. Errors: LabError 'bad_file' for one that is not what its name says. */
export async function readUnit(folder: string, name: string): Promise<Unit> {
  const parsed = unit.safeParse(parseJson((await readBounded(pathOf.unit(folder, name))) ?? ''))
  if (parsed.success && nameOfUnit(parsed.data) === name) return parsed.data
  throw new LabError('bad_file', `${pathOf.unit(folder, name)} is missing or not what its name says.`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
