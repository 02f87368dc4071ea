/** Sorts what was dropped: one table, or the IDX files that make one, with the companions that lie beside them. */
import { access, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { badFile } from '#lab/datasets/import/file-errors.ts'
import type { IdxPair } from '#lab/datasets/import/idx-source.ts'
import type { ImportFile } from '#lab/datasets/import/import-file.ts'
import { companionNames, type IdxKind, type IdxName, type IdxPart, parseIdxName } from '#lab/datasets/import/idx.ts'

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
    const message =
      `${files.length} files were given, and ${stranger.file.name} is not named as IDX images or labels. ` +
      'Import one table at a time.'
    throw badFile(stranger.file.name, message)
  }
  const found: { file: ImportFile; idx: IdxName; isGiven: boolean }[] = []
  for (const { file, idx } of named) if (idx) found.push({ file, idx, isGiven: true })
  const get = (part: IdxPart, kind: IdxKind) => found.find(({ idx }) => idx.part === part && idx.kind === kind)
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
    else if (images?.isGiven) throw badFile(images.file.name, lacks(images.file, 'labels', part))
    else if (labels?.isGiven) throw badFile(labels.file.name, lacks(labels.file, 'images', part))
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

function lacks(file: ImportFile, kind: IdxKind, part: IdxPart): string {
  const [other] = companionNames(file.name, { part, kind })
  return `${file.name} needs its ${kind} ${other}. Choose both, or put them in one folder.`
}

/** Looks beside the given files; an upload lies in a folder of the host under a name of its own, and has nothing beside it. */
async function findBeside(files: readonly ImportFile[], wanted: IdxName): Promise<ImportFile | null> {
  for (const { path, name } of files) {
    if (basename(path) !== name) continue
    for (const candidate of companionNames(name, wanted)) {
      const beside = join(dirname(path), candidate)
      const exists = await access(beside).then(
        () => true,
        () => false
      )
      if (exists) return { path: beside, name: candidate }
    }
  }
  return null
}
