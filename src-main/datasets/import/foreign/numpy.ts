/** Arrays of NumPy (.npy, format version 1 to 3) as columns of texts. Pickled objects are never unpacked. */
import { badFile } from '#lab/datasets/import/file-errors.ts'
import { numberText } from '#lab/datasets/import/foreign/rows.ts'

export interface NpyArray {
  readonly shape: readonly number[]
  /** The value at a place in the order of C, as text. */
  readonly at: (place: number) => string
}

/** Reads one array that is whole in memory. Errors: `bad_file` for damaged ones and for kinds that are no values. */
export function readNpy(bytes: Buffer, file: string): NpyArray {
  const damaged = () => badFile(file, `${file} is a damaged NumPy array. Save it anew.`)
  if (bytes.length < 12 || bytes.toString('latin1', 1, 6) !== 'NUMPY') throw damaged()
  const isLong = (bytes[6] ?? 0) >= 2
  const length = isLong ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8)
  const start = (isLong ? 12 : 10) + length
  if (start > bytes.length) throw damaged()
  const header = bytes.toString('utf8', isLong ? 12 : 10, start)
  const type = /'descr':\s*'([^']+)'/.exec(header)?.[1]
  const isFortran = /'fortran_order':\s*True/.test(header)
  const sizes = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1]
  if (sizes === undefined) throw damaged()
  const shape = sizes.split(',').flatMap((text) => (text.trim() === '' ? [] : [Number(text)]))
  if (type === undefined) {
    throw badFile(file, `${file} is a NumPy array of records with several fields. Save its columns as CSV or Parquet.`)
  }
  const { size, read } = reader(type, bytes, file)
  const count = shape.reduce((product, dimension) => product * dimension, 1)
  if (!Number.isSafeInteger(count) || count < 0 || start + count * size > bytes.length) throw damaged()
  const place = isFortran ? fortranPlace(shape) : (index: number) => index
  return { shape, at: (index) => read(start + place(index) * size) }
}

/** From a place in the order of C to the one in the order of Fortran. */
function fortranPlace(shape: readonly number[]): (index: number) => number {
  return (index) => {
    let rest = index
    let place = 0
    const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1))
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const size = shape[axis] ?? 1
      place += (rest % size) * (strides[axis] ?? 1)
      rest = Math.floor(rest / size)
    }
    return place
  }
}

function reader(type: string, bytes: Buffer, file: string): { size: number; read: (at: number) => string } {
  const match = /^([<>|=])([biufUSMmOcV])(\d*)/.exec(type)
  const [, order = '', kind = '', digits = ''] = match ?? []
  const size = kind === 'U' ? 4 * Number(digits) : Number(digits)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const little = order !== '>'
  const readers: Record<string, (at: number) => string> = {
    b1: (at) => (view.getUint8(at) === 0 ? 'false' : 'true'),
    i1: (at) => String(view.getInt8(at)),
    i2: (at) => String(view.getInt16(at, little)),
    i4: (at) => String(view.getInt32(at, little)),
    i8: (at) => String(view.getBigInt64(at, little)),
    u1: (at) => String(view.getUint8(at)),
    u2: (at) => String(view.getUint16(at, little)),
    u4: (at) => String(view.getUint32(at, little)),
    u8: (at) => String(view.getBigUint64(at, little)),
    f2: (at) => numberText(half(view.getUint16(at, little))),
    // The shortest text that is the same number in 32 bits.
    f4: (at) => numberText(Number(view.getFloat32(at, little).toPrecision(8))),
    f8: (at) => numberText(view.getFloat64(at, little))
  }
  if (kind === 'U') return { size, read: (at) => wideText(view, at, size, little) }
  if (kind === 'S') return { size, read: (at) => bytes.toString('utf8', at, at + size).replace(/\0+$/, '') }
  const read = readers[kind + digits]
  if (read) return { size, read }
  const what =
    kind === 'O' ? 'Python objects, which are not unpacked' : `values of the kind ${type}, which are not read`
  throw badFile(file, `${file} holds ${what}. Save it as numbers or texts, or as CSV.`)
}

function wideText(view: DataView, at: number, size: number, little: boolean): string {
  const points = Array.from({ length: size / 4 }, (_, index) => view.getUint32(at + 4 * index, little))
  return points.map((point) => (point === 0 || point > 0x10ffff ? '' : String.fromCodePoint(point))).join('')
}

/** A number of 16 bits (IEEE 754 binary16). */
function half(bits: number): number {
  const sign = bits >> 15 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN
  return sign * (exponent === 0 ? 2 ** -14 * (fraction / 1024) : 2 ** (exponent - 15) * (1 + fraction / 1024))
}

/** A table of several arrays: each a column, or one for each of its values in a row. */
export interface NumpyTable {
  readonly names: readonly string[]
  readonly rows: number
  readonly row: (index: number) => string[]
  /** Arrays that do not belong to it. */
  readonly others: readonly string[]
}

const parts = [
  { part: 'train', pattern: /[_.-]?(?:train|tr)(?:ing)?$|^(?:train|tr)(?:ing)?[_.-]/i },
  { part: 'test', pattern: /[_.-]?(?:test|te)(?:ing)?$|^(?:test|te)(?:ing)?[_.-]/i }
] as const

/**
 * Joins the arrays of a file that have as many rows. Those named as training and test part are put one below the other.
 * Errors: `bad_file` where no array has rows.
 */
export function joinArrays(arrays: ReadonlyMap<string, NpyArray>, file: string): NumpyTable {
  const named = [...arrays].filter(([, { shape }]) => shape.length > 0)
  const groups = parts.map(({ part, pattern }) => {
    const own = named
      .filter(([name]) => pattern.test(name))
      .map(([name, array]) => [name.replace(pattern, '') || name, array] as const)
    return { part, arrays: new Map(own) }
  })
  const [train, test] = groups
  const hasParts =
    train && test && train.arrays.size > 0 && [...train.arrays.keys()].every((name) => test.arrays.has(name))
  const stacked = hasParts ? [blockOf(train.arrays), blockOf(test.arrays)] : [largestBlock(new Map(named))]
  const [first] = stacked
  if (!first || first.rows === 0) throw badFile(file, `${file} holds no NumPy array with rows.`)
  const names = [...(hasParts ? ['part'] : []), ...first.names]
  const used = new Set(
    hasParts
      ? named.filter(([name]) => parts.some(({ pattern }) => pattern.test(name))).map(([name]) => name)
      : first.used
  )
  return {
    names,
    rows: stacked.reduce((sum, { rows }) => sum + rows, 0),
    row(index) {
      const isFirst = index < first.rows
      const block = isFirst ? first : (stacked[1] ?? first)
      const cells = block.row(isFirst ? index : index - first.rows)
      return hasParts ? [isFirst ? 'train' : 'test', ...cells] : cells
    },
    others: [...arrays.keys()].filter((name) => !used.has(name))
  }
}

interface Block {
  readonly names: readonly string[]
  readonly rows: number
  readonly row: (index: number) => string[]
  readonly used: readonly string[]
}

/** The arrays that have as many rows as the largest array. */
function largestBlock(arrays: ReadonlyMap<string, NpyArray>): Block {
  const sizeOf = ({ shape }: NpyArray) => shape.reduce((product, size) => product * size, 1)
  const largest = [...arrays.values()].toSorted((a, b) => sizeOf(b) - sizeOf(a))[0]
  const rows = largest?.shape[0] ?? 0
  return blockOf(new Map([...arrays].filter(([, { shape }]) => shape[0] === rows)))
}

function blockOf(arrays: ReadonlyMap<string, NpyArray>): Block {
  const rows = Math.min(...[...arrays.values()].map(({ shape }) => shape[0] ?? 0))
  // What has one value a row goes first, as labels do.
  const columns = [...arrays]
    .map(([name, array]) => ({ name, array, width: array.shape.slice(1).reduce((product, size) => product * size, 1) }))
    .toSorted((a, b) => Number(a.width > 1) - Number(b.width > 1))
  const names = columns.flatMap(({ name, array, width }) => {
    if (array.shape.length === 1) return [name]
    const isImage = array.shape.length === 3
    return Array.from({ length: width }, (_, index) => (isImage ? `pixel${index}` : `${name}${index}`))
  })
  return {
    names,
    rows: Number.isFinite(rows) ? rows : 0,
    row: (index) =>
      columns.flatMap(({ array, width }) =>
        Array.from({ length: width }, (_, place) => array.at(index * width + place))
      ),
    used: columns.map(({ name }) => name)
  }
}
