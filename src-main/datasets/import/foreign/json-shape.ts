/** Finds the records in JSON that is no plain list of them: under a key, by index, by column, or in GeoJSON. */

export type JsonRecord = Record<string, unknown>

export interface FoundRecords {
  readonly records: readonly JsonRecord[]
  /** Where they stand, in a sentence; null where they are the list that the file is. */
  readonly told: string | null
  /** Other keys that hold records. */
  readonly others: readonly string[]
}

/** Whether the beginning of a text is JSON, whatever the file is called. */
export function looksLikeJson(head: string): boolean {
  return /^\ufeff?\s*(\[\s*(\{\s*"|\[|\])|\{\s*("(?:[^"\\]|\\.)*"\s*:|\}))/.test(head.slice(0, 10_000))
}

/** Whether each line is a record of its own. */
export function looksLikeLines(head: string): boolean {
  const [first = '', second = ''] = head.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '')
  return isWhole(first) && second.trimStart().startsWith('{')
}

function isWhole(line: string): boolean {
  try {
    return isObject(JSON.parse(line.replace(/^\ufeff/, '')))
  } catch {
    return false
  }
}

/** Parses JSON; whole numbers that a double can't tell apart stay as they are written. Errors: SyntaxError. */
export function parseExactly(text: string): unknown {
  const keep = (_: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
      ? context?.source
      : value
  return JSON.parse(text.replace(/^\ufeff/, ''), keep)
}

const isObject = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isRecords = (value: unknown): value is JsonRecord[] =>
  Array.isArray(value) && value.length > 0 && value.every(isObject)

/** Finds the records; `wanted` is the key under which they stand. Null where there are none. */
export function findRecords(value: unknown, wanted: string | undefined): FoundRecords | null {
  if (isRecords(value)) return { records: value, told: null, others: [] }
  if (Array.isArray(value)) return fromLists(value)
  if (!isObject(value)) return null
  if (value['type'] === 'FeatureCollection' && isRecords(value['features'])) return fromFeatures(value['features'])
  const split = fromSplit(value)
  if (split) return split
  const lists = listsIn(value, '', 3)
  const chosen =
    wanted === undefined
      ? lists.toSorted((a, b) => b.records.length - a.records.length)[0]
      : lists.find(({ key }) => key === wanted)
  if (chosen) {
    const told = `Its ${chosen.records.length} records stand under the key "${chosen.key}".`
    return { records: chosen.records, told, others: lists.map(({ key }) => key).filter((key) => key !== chosen.key) }
  }
  return fromColumns(value) ?? fromIndex(value)
}

/** Lists of records under keys, also keys within keys, written with points. */
function listsIn(value: JsonRecord, before: string, depth: number): { key: string; records: JsonRecord[] }[] {
  return Object.entries(value).flatMap(([name, inner]) => {
    const key = before === '' ? name : `${before}.${name}`
    if (isRecords(inner)) return [{ key, records: inner }]
    return isObject(inner) && depth > 1 && Object.keys(value).length < 100 ? listsIn(inner, key, depth - 1) : []
  })
}

/** Columns, index and data apart, as pandas writes them with orient "split". */
function fromSplit(value: JsonRecord): FoundRecords | null {
  const { columns, data } = value
  if (!Array.isArray(columns) || !Array.isArray(data) || !data.every(Array.isArray)) return null
  const records = (data as unknown[][]).map((row) =>
    Object.fromEntries(columns.map((name, at) => [String(name), row[at] ?? null]))
  )
  return { records, told: 'Its columns and its rows stand apart, under "columns" and "data".', others: [] }
}

/** Rows as lists: the first may hold the names. */
function fromLists(value: readonly unknown[]): FoundRecords | null {
  if (value.length < 2 || !value.every(Array.isArray)) return null
  const [first = [], ...rows] = value as unknown[][]
  const hasNames =
    first.every((cell) => typeof cell === 'string') && rows.some((row) => row.some((cell) => typeof cell === 'number'))
  const names = hasNames ? first.map(String) : first.map((_, index) => `column ${index + 1}`)
  const records = (hasNames ? rows : [first, ...rows]).map((row) =>
    Object.fromEntries(names.map((name, at) => [name, row[at] ?? null]))
  )
  const told = hasNames ? 'Its rows are lists; the first holds the names.' : 'Its rows are lists without names.'
  return { records, told, others: [] }
}

function fromFeatures(features: readonly JsonRecord[]): FoundRecords {
  const records = features.map(({ properties, geometry }) => {
    const point =
      isObject(geometry) && geometry['type'] === 'Point' && Array.isArray(geometry['coordinates'])
        ? (geometry['coordinates'] as unknown[])
        : []
    const [longitude, latitude] = point
    return { ...(point.length >= 2 && { longitude, latitude }), ...(isObject(properties) ? properties : {}) }
  })
  return {
    records,
    told: 'It is GeoJSON: each feature is a row, with its properties and the place of a point.',
    others: []
  }
}

/** Columns of the same length, as lists or by the same index. */
function fromColumns(value: JsonRecord): FoundRecords | null {
  const entries = Object.entries(value)
  const lists = entries.filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]))
  const [first] = lists
  if (
    first &&
    lists.length === entries.length &&
    first[1].length > 0 &&
    lists.every(([, list]) => list.length === first[1].length)
  ) {
    const records = first[1].map((_, at) => Object.fromEntries(lists.map(([name, list]) => [name, list[at] ?? null])))
    return { records, told: 'Its columns are lists.', others: [] }
  }
  const objects = entries.filter((entry): entry is [string, JsonRecord] => isObject(entry[1]))
  const keys = Object.keys(objects[0]?.[1] ?? {})
  const isIndex = keys.length >= objects.length && keys.length > 1 && keys.every((key, at) => key === String(at))
  if (objects.length < 1 || objects.length !== entries.length || !isIndex) return null
  const records = keys.map((key) => Object.fromEntries(objects.map(([name, column]) => [name, column[key] ?? null])))
  return { records, told: 'Its columns stand one by one, their values by index.', others: [] }
}

/** Records under their index. */
function fromIndex(value: JsonRecord): FoundRecords | null {
  const entries = Object.entries(value)
  if (entries.length < 2 || !entries.every(([, record]) => isObject(record))) return null
  const isCounted = entries.every(([key], at) => key === String(at))
  const records = entries.map(([key, record]) => ({ ...(isCounted ? {} : { index: key }), ...(record as JsonRecord) }))
  return { records, told: 'Its records stand one by one by their index.', others: [] }
}
