/**
 * The IDX format of MNIST (LeCun et al., yann.lecun.com/exdb/mnist): a header of big-endian numbers, then the values.
 * Images and labels are two files, a training and a test pair four; the names tell which belong together.
 */
import { open, stat } from 'node:fs/promises'
import { badFile } from '#lab/datasets/import/file-errors.ts'
import { formatCount } from '#words/numbers.ts'

/** A type of value: how DuckDB stores it, and how it is read. */
export interface IdxType {
  readonly bytes: number
  readonly sql: string
  readonly read: (from: Buffer, at: number) => number
}

const types: ReadonlyMap<number, IdxType> = new Map([
  [0x08, { bytes: 1, sql: 'UTINYINT', read: (from: Buffer, at: number) => from.readUInt8(at) }],
  [0x09, { bytes: 1, sql: 'TINYINT', read: (from: Buffer, at: number) => from.readInt8(at) }],
  [0x0b, { bytes: 2, sql: 'SMALLINT', read: (from: Buffer, at: number) => from.readInt16BE(at) }],
  [0x0c, { bytes: 4, sql: 'INTEGER', read: (from: Buffer, at: number) => from.readInt32BE(at) }],
  [0x0d, { bytes: 4, sql: 'DOUBLE', read: (from: Buffer, at: number) => shortest(from.readFloatBE(at)) }],
  [0x0e, { bytes: 8, sql: 'DOUBLE', read: (from: Buffer, at: number) => from.readDoubleBE(at) }]
])

/** The number of fewest digits that is the same one in 32 bits: 0.1, not 0.10000000149. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return value
}

/** The header of an IDX file: type of its values, sizes of its dimensions, and where its values begin. */
export interface IdxHeader {
  readonly type: IdxType
  readonly sizes: readonly number[]
  readonly offset: number
}

export type IdxPart = 'train' | 'test'
export type IdxKind = 'images' | 'labels'

export interface IdxName {
  /** What stands before the part: the same in all files of a set. */
  readonly set: string
  readonly part: IdxPart
  readonly kind: IdxKind
}

const namePattern =
  /^(.*?)(train|t10k|test\w*?|valid(?:ation)?)[-_.](images|imgs|labels|labs)[-_.]idx\d(?:[-_.](?:u?byte|short|int|float|double))?(?: ?\(\d+\))?(?:\.gz)?$/i

/** Tells set, part and kind by a file's name; null where it is not named in MNIST's way. */
export function parseIdxName(file: string): IdxName | null {
  const match = namePattern.exec(file)
  if (!match) return null
  const [, set = '', part = '', kind = ''] = match
  return {
    set: set.toLowerCase(),
    part: part.toLowerCase() === 'train' ? 'train' : 'test',
    kind: /^im/i.test(kind) ? 'images' : 'labels'
  }
}

/** How the other half of a pair is mostly named. */
export function companionName(file: string, kind: IdxKind): string {
  return file.replace(/(images|imgs|labels|labs)([-_.]idx)\d/i, (_, __, idx: string) =>
    kind === 'images' ? `images${idx}3` : `labels${idx}1`
  )
}

/** Two zero bytes, a known type of value, and one to four dimensions. */
export function isIdx(head: Uint8Array): boolean {
  const [first, second, type = 0, dimensions = 0] = head
  return first === 0 && second === 0 && types.has(type) && dimensions >= 1 && dimensions <= 4
}

/**
 * Reads the header of an unpacked IDX file and checks it against the file's size.
 * Errors: `bad_file` for what is no IDX file, and where header and size don't agree.
 */
export async function readIdxHeader(path: string, file: string): Promise<IdxHeader> {
  const handle = await open(path)
  const head = Buffer.alloc(20)
  try {
    await handle.read(head, 0, head.length, 0)
  } finally {
    await handle.close()
  }
  const type = types.get(head[2] ?? 0)
  if (!isIdx(head) || !type) {
    throw badFile(
      file,
      `${file} is no IDX file: it does not begin with two zero bytes, a type of value and its dimensions.`
    )
  }
  const dimensions = head[3] ?? 0
  const sizes = Array.from({ length: dimensions }, (_, index) => head.readUInt32BE(4 + 4 * index))
  const offset = 4 + 4 * dimensions
  const expected = offset + sizes.reduce((product, size) => product * size, type.bytes)
  const { size } = await stat(path)
  if (size !== expected) {
    throw badFile(
      file,
      `${file} says it holds ${sizes.join(' x ')} values, ${formatCount(expected)} bytes with its header, but has ` +
        `${formatCount(size)} bytes. Fetch it again.`
    )
  }
  return { type, sizes, offset }
}
