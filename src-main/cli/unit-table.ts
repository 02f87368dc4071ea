/** The rows that a historical unit learns from the terminal: a gate, or the numbers of a table with two classes. */
import type { Dataset } from '#contract/datasets.ts'
import type { ContractClient } from '#contract/contract.ts'
import { LabError } from '#contract/errors.ts'
import type { CliContext } from '#lab/cli/context.ts'
import { findDataset } from '#lab/cli/find.ts'
import { formatNumbered } from '#words/numbers.ts'
import { importFiles, isFile } from '#lab/cli/import-file.ts'
import { UsageError } from '#lab/cli/usage.ts'

/** Rows with a class of 0 or 1 each. */
export interface TwoClasses {
  readonly name: string
  readonly inputs: readonly string[]
  readonly classes: readonly [string, string]
  readonly rows: readonly (readonly number[])[]
  readonly targets: readonly number[]
  /** What was left out, in sentences. */
  readonly remarks: readonly string[]
}

const truth: Record<string, readonly number[]> = {
  or: [0, 1, 1, 1],
  and: [0, 0, 0, 1],
  nand: [1, 1, 1, 0],
  nor: [1, 0, 0, 0],
  xor: [0, 1, 1, 0]
}

const mostRows = 20_000
const piece = 500

/** A gate with inputs of 0 and 1, or of -1 and 1 as Adalines have them. */
export function gateTable(name: string, isBipolar: boolean): TwoClasses {
  const low = isBipolar ? -1 : 0
  const rows = [0, 1].flatMap((x1) => [0, 1].map((x2) => [x1 === 1 ? 1 : low, x2 === 1 ? 1 : low]))
  return { name, inputs: ['x1', 'x2'], classes: ['0', '1'], rows, targets: truth[name] ?? [], remarks: [] }
}

/** Reads `--rate`: a number above 0. Errors: throws UsageError. */
export function readRate(text: string): number {
  const rate = text.trim() === '' ? NaN : Number(text)
  if (rate > 0 && rate < Infinity) return rate
  throw new UsageError(`--rate takes a number above 0; "${text}" is none.`)
}

/** Reads `--weights`: numbers with commas. Errors: throws UsageError. */
export function readWeights(text: string): number[] {
  const weights = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)))
  if (weights.every(Number.isFinite) && weights.length <= 8) return weights
  throw new UsageError(`--weights takes 1 to 8 numbers with commas, such as 1,1; "${text}" is none of these.`)
}

/**
 * Reads a file or a data set of the lab: its numeric columns, in standard deviations from their means, and a target with two
 * classes. Rows with a missing value and columns that are no numbers are left out, and said.
 * Errors: LabError 'bad_settings' for a target that has not two classes, or no numeric column.
 */
export async function readTwoClasses(
  client: ContractClient,
  text: string,
  target: string | undefined,
  context: CliContext
): Promise<TwoClasses> {
  const datasetId = isFile(text)
    ? (await importFiles(client, [text], undefined, context)).dataset.id
    : (await requireFileOrDataset(client, text)).id
  const dataset = await client.datasets.get({ datasetId })
  const wanted = target ?? dataset.columns.at(-1)?.name ?? ''
  if (!dataset.columns.some(({ name }) => name === wanted)) {
    throw new LabError('bad_settings', `${dataset.name} has no column "${wanted}"; see: lab describe ${datasetId}`)
  }
  const { columns, rows } = await allRows(client, dataset)
  const classes = [...new Set(rows.flatMap((row) => row[columns.indexOf(wanted)] ?? []))].sort()
  const [first, second] = classes
  if (first === undefined || second === undefined || classes.length !== 2) {
    throw new LabError(
      'bad_settings',
      `A unit tells two classes apart; "${wanted}" has ${classes.length}. Name another column with --target.`
    )
  }
  const inputs = dataset.columns
    .filter(({ name, type }) => name !== wanted && type === 'numeric')
    .map(({ name }) => name)
  if (inputs.length === 0)
    throw new LabError('bad_settings', `${dataset.name} has no numeric column besides "${wanted}".`)
  const left = dataset.columns.length - inputs.length - 1
  const places = inputs.map((name) => columns.indexOf(name))
  const known = rows.flatMap((row) => {
    const group = row[columns.indexOf(wanted)]
    const values = places.map((place) => (typeof row[place] === 'string' ? Number(row[place]) : NaN))
    return typeof group === 'string' && values.every(Number.isFinite) ? [{ values, t: group === second ? 1 : 0 }] : []
  })
  const remarks = [
    ...(left > 0 ? [`${formatNumbered(left, 'column')} without numbers left out.`] : []),
    ...(known.length < rows.length
      ? [`${formatNumbered(rows.length - known.length, 'row')} with missing values left out.`]
      : []),
    ...(dataset.rows > mostRows ? [`Only the first ${mostRows} rows of ${dataset.rows} are read.`] : [])
  ]
  return {
    name: dataset.name,
    inputs,
    classes: [first, second],
    rows: standardised(known.map(({ values }) => values)),
    targets: known.map(({ t }) => t),
    remarks
  }
}

async function requireFileOrDataset(client: ContractClient, text: string) {
  const dataset = await findDataset(client, text)
  if (dataset) return dataset
  throw new LabError(
    'not_found',
    `There is no file "${text}" here, and no data set of that name in this lab; see: lab datasets`
  )
}

async function allRows(client: ContractClient, { id, rows }: Dataset) {
  const first = await client.datasets.preview({ datasetId: id, limit: piece })
  const all = [...first.rows]
  while (all.length < Math.min(rows, mostRows)) {
    const next = await client.datasets.preview({ datasetId: id, offset: all.length, limit: piece })
    if (next.rows.length === 0) break
    all.push(...next.rows)
  }
  return { columns: first.columns, rows: all }
}

function standardised(rows: readonly (readonly number[])[]): number[][] {
  const scales = (rows[0] ?? []).map((_, column) => {
    const values = rows.map((row) => row[column] ?? 0)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
    return { mean, deviation: deviation || 1 }
  })
  return rows.map((row) =>
    row.map((value, column) => {
      const { mean = 0, deviation = 1 } = scales[column] ?? {}
      return (value - mean) / deviation
    })
  )
}
