/**
 * The IDX format of MNIST: a header of big-endian numbers, then the values as bytes.
 * Images and labels are two files, a training and a test pair four; the names tell which belong together.
 */
import { open, stat } from 'node:fs/promises'
import { badFile } from '#lab/datasets/import/file-errors.ts'
import { formatCount } from '#words/numbers.ts'

/** The header of an IDX file: sizes of its dimensions, and where its bytes begin. */
export interface IdxHeader {
  readonly sizes: readonly number[]
  readonly offset: number
}

export type IdxPart = 'train' | 'test'
export type IdxKind = 'images' | 'labels'

export interface IdxName {
  readonly part: IdxPart
  readonly kind: IdxKind
}

const namePattern = /^(.*?)(train|t10k|test)([-_.])(images|labels)([-_.])idx([13])([-_.])ubyte(\.gz)?$/i

/** Tells part and kind by a file's name; null where it is not named in MNIST's way. */
export function parseIdxName(file: string): IdxName | null {
  const match = namePattern.exec(file)
  if (!match) return null
  return {
    part: match[2]?.toLowerCase() === 'train' ? 'train' : 'test',
    kind: match[4]?.toLowerCase() === 'images' ? 'images' : 'labels'
  }
}

/** The names under which the other file of a pair, or the pair of the other part, may lie beside this one. */
export function companionNames(file: string, { part, kind }: IdxName): string[] {
  const match = namePattern.exec(file)
  if (!match) return []
  const [, before = '', ownPart = '', first = '', , second = '', , third = ''] = match
  const stems = part === parseIdxName(file)?.part ? [ownPart] : part === 'train' ? ['train'] : ['t10k', 'test']
  return stems.flatMap((stem) => {
    const plain = `${before}${stem}${first}${kind}${second}idx${kind === 'images' ? 3 : 1}${third}ubyte`
    // Files of one set are packed alike.
    return file.toLowerCase().endsWith('.gz') ? [`${plain}.gz`, plain] : [plain, `${plain}.gz`]
  })
}

/**
 * Reads the header of an unpacked IDX file and checks it against the file's size.
 * Errors: `bad_file` for other values than bytes, and where header and size don't agree.
 */
export async function readIdxHeader(path: string, file: string, dimensions: number): Promise<IdxHeader> {
  const handle = await open(path)
  const head = Buffer.alloc(4 + 4 * dimensions)
  try {
    await handle.read(head, 0, head.length, 0)
  } finally {
    await handle.close()
  }
  if (head.readUInt16BE(0) !== 0) throw badFile(file, `${file} is no IDX file: its first two bytes are not zero.`)
  if (head[2] !== 0x08)
    throw badFile(file, `${file} holds values that are not bytes; only IDX files of bytes can be read.`)
  if (head[3] !== dimensions) {
    throw badFile(
      file,
      `${file} has ${head[3]} dimensions where ${dimensions} are expected. Check that it is the right file.`
    )
  }
  const sizes = Array.from({ length: dimensions }, (_, index) => head.readUInt32BE(4 + 4 * index))
  const expected = head.length + sizes.reduce((product, size) => product * size, 1)
  const { size } = await stat(path)
  if (size !== expected) {
    throw badFile(
      file,
      `${file} says it holds ${sizes.join(' x ')} values, ${formatCount(expected)} bytes with its header, but has ` +
        `${formatCount(size)} bytes. Fetch it again.`
    )
  }
  return { sizes, offset: head.length }
}
