/** Sorts what was dropped: one table, or the IDX files that make one, with the companions that lie beside them. */
import { open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { gunzipSync, constants } from 'node:zlib'
import { badFile } from '#lab/datasets/import/file-errors.ts'
import type { IdxPair } from '#lab/datasets/import/idx-source.ts'
import type { ImportFile } from '#lab/datasets/import/import-file.ts'
import { companionName, type IdxKind, type IdxName, isIdx, parseIdxName } from '#lab/datasets/import/idx.ts'

type Half = Pick<IdxName, 'part' | 'kind'>

export type Chosen =
  | { readonly kind: 'table'; readonly file: ImportFile }
  | { readonly kind: 'idx'; readonly pairs: readonly IdxPair[]; readonly warnings: readonly string[] }

/**
 * Decides what table the files make. Of an IDX pair one file is enough where the others lie in its folder.
 * Errors: `bad_file` for several files that make no pair, and for a pair without its other half.
 */
export async function chooseFiles(files: readonly ImportFile[]): Promise<Chosen> {
  await Promise.all(files.map(expectNoPipe))
  const named = files.map((file) => ({ file, idx: parseIdxName(file.name) }))
  const [first] = files
  if (!first) throw badFile('', 'No file was given.')
  const stranger = named.find(({ idx }) => idx === null)
  if (stranger && files.length === 1) return { kind: 'table', file: first }
  if (stranger) {
    const pair = files.length === 2 ? await pairByContent(files) : null
    if (pair) return { kind: 'idx', pairs: [pair], warnings: [] }
    const message =
      `${files.length} files were given, and ${stranger.file.name} is not named as IDX images or labels. ` +
      'Import one table at a time.'
    throw badFile(stranger.file.name, message)
  }
  const found: { file: ImportFile; idx: Half; isGiven: boolean }[] = []
  for (const { file, idx } of named) if (idx) found.push({ file, idx, isGiven: true })
  const get = (part: Half['part'], kind: IdxKind) => found.find(({ idx }) => idx.part === part && idx.kind === kind)
  for (const part of ['train', 'test'] as const) {
    for (const kind of ['images', 'labels'] as const) {
      if (get(part, kind)) continue
      const file = await findBeside(files, { part, kind })
      if (file) found.push({ file, idx: { part, kind }, isGiven: false })
    }
  }
  const pairs: IdxPair[] = []
  for (const part of ['train', 'test'] as const) {
    const images = get(part, 'images')
    const labels = get(part, 'labels')
    if (images && labels) pairs.push({ part, images: images.file, labels: labels.file })
    else if (images?.isGiven) throw badFile(images.file.name, lacks(images.file, 'labels'))
    else if (labels?.isGiven) throw badFile(labels.file.name, lacks(labels.file, 'images'))
  }
  const used = found.filter(
    ({ file, isGiven }) => !isGiven && pairs.some((pair) => pair.images === file || pair.labels === file)
  )
  const names = used.map(({ file }) => file.name)
  const warnings = names.length > 0 ? [`Read together with the files beside it: ${names.join(', ')}.`] : []
  return { kind: 'idx', pairs, warnings }
}

/** Opening a pipe waits for whoever writes into it, and a device may never end. */
async function expectNoPipe({ path, name }: ImportFile): Promise<void> {
  const found = await stat(path).catch(() => null)
  if (!found || found.isFile() || found.isDirectory()) return
  throw badFile(name, `${name} is a pipe or a device, not a file. Save what it gives as a file, and choose that.`)
}

function lacks(file: ImportFile, kind: IdxKind): string {
  return `${file.name} needs its ${kind}, such as ${companionName(file.name, kind)}. Choose both, or put them in one folder.`
}

/** Looks beside the given files; an upload lies in a folder of the host under a name of its own, and has nothing beside it. */
async function findBeside(files: readonly ImportFile[], wanted: Half): Promise<ImportFile | null> {
  for (const { path, name } of files) {
    const set = parseIdxName(name)?.set
    if (basename(path) !== name || set === undefined) continue
    const folder = dirname(path)
    const found = (await readdir(folder).catch(() => [])).filter((other) => {
      const idx = parseIdxName(other)
      return idx?.set === set && idx.part === wanted.part && idx.kind === wanted.kind
    })
    // Of several, one that is packed alike, and the plainest name: test before test50k.
    const isPacked = (other: string) => /\.gz$/i.test(other)
    const rank = (other: string) => (isPacked(other) === isPacked(name) ? 0 : 1000) + other.length
    const [best] = found.toSorted((a, b) => rank(a) - rank(b) || a.localeCompare(b))
    if (best !== undefined) return { path: join(folder, best), name: best }
  }
  return null
}

/** Two files that are IDX by their content whatever their names: images have more dimensions than labels. */
async function pairByContent(files: readonly ImportFile[]): Promise<IdxPair | null> {
  const heads = await Promise.all(files.map(({ path }) => firstBytes(path)))
  if (!heads.every(isIdx)) return null
  const [images, labels] = files.toSorted((a, b) => dimensions(b) - dimensions(a))
  return images && labels ? { part: 'train', images, labels } : null

  function dimensions(file: ImportFile): number {
    return heads[files.indexOf(file)]?.[3] ?? 0
  }
}

/** The first bytes of a file, unpacked. */
async function firstBytes(path: string): Promise<Uint8Array> {
  const handle = await open(path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0)
    const head = buffer.subarray(0, bytesRead)
    if (head[0] !== 0x1f || head[1] !== 0x8b) return head
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 16 * 1024 * 1024 })
  } catch {
    return new Uint8Array()
  } finally {
    await handle.close()
  }
}
