/** Lists the samples with a small plot for each card, and makes files of them to import like any other. */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sample } from '#contract/datasets.ts'
import { LabError } from '#contract/errors.ts'
import type { ImportFile } from '#lab/datasets/import/import-file.ts'
import { catalogue, type GeneratedSample, type TableSample } from '#lab/datasets/samples/catalogue.ts'
import type { Point } from '#lab/datasets/samples/generators.ts'
import { makeTemporary } from '#lab/datasets/temporary.ts'

const plotted = 150

/** Lists all samples. `folder` is where the tables that ship are: resources/datasets. */
export async function listSamples(folder: string): Promise<Sample[]> {
  return Promise.all(
    catalogue.map(async (entry) => {
      const { id, name, teaches, task, rows, columns, target, source } = entry
      const points = entry.kind === 'table' ? await readPoints(folder, entry) : spread(entry.make(1, entry.rows))
      const facts = { id, name, teaches, task, rows, columns, target, source }
      return { ...facts, generated: entry.kind === 'generated', plot: scaled(points) }
    })
  )
}

/**
 * Hands the file of a sample to `use`. A generated one is written from the seed, and deleted when `use` has ended.
 * Errors: `not_found` for an id that is no sample's.
 */
export async function withSample<Result>(
  folder: string,
  id: string,
  seed: number,
  use: (file: ImportFile) => Promise<Result>
): Promise<Result> {
  const entry = catalogue.find((sample) => sample.id === id)
  if (!entry) {
    const known = catalogue.map((sample) => sample.id).join(', ')
    throw new LabError('not_found', `There is no sample "${id}". There are ${known}.`)
  }
  if (entry.kind === 'table') return use({ path: join(folder, `${id}.csv`), name: `${id}.csv` })
  const temporary = await makeTemporary()
  try {
    const path = join(temporary, `${id}.csv`)
    await writeFile(path, toCsv(entry, entry.make(seed, entry.rows)))
    return await use({ path, name: `${id}.csv` })
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

function toCsv({ classes }: GeneratedSample, points: readonly Point[]): string {
  const header = classes ? 'x1,x2,class' : 'x,y'
  const lines = points.map(({ x, y, group }) => {
    const numbers = `${x.toFixed(5)},${y.toFixed(5)}`
    return classes ? `${numbers},${classes[group]}` : numbers
  })
  return `${[header, ...lines].join('\n')}\n`
}

/** Reads points of a table that ships; those tables have no quotes and a header of plain names. */
async function readPoints(folder: string, { id, axes, target, task }: TableSample): Promise<Point[]> {
  const text = await readFile(join(folder, `${id}.csv`), 'utf8')
  const [header = '', ...lines] = text.trimEnd().split('\n')
  const names = header.split(',')
  const [x, y] = axes.map((axis) => names.indexOf(axis))
  const answer = names.indexOf(target)
  const groups = new Map<string, number>()
  return spread(lines).flatMap((line) => {
    const cells = line.split(',')
    const point = { x: Number(cells[x ?? 0]), y: Number(cells[y ?? 0]) }
    if (Number.isNaN(point.x) || Number.isNaN(point.y)) return []
    const label = cells[answer] ?? ''
    if (task === 'classification' && !groups.has(label)) groups.set(label, groups.size)
    return [{ ...point, group: groups.get(label) ?? 0 }]
  })
}

/** Takes at most as many items as are plotted, evenly from the whole list. */
function spread<Item>(items: readonly Item[]): Item[] {
  if (items.length <= plotted) return [...items]
  return Array.from({ length: plotted }, (_, index) => items[Math.floor((index * items.length) / plotted)]).filter(
    (item) => item !== undefined
  )
}

function scaled(points: readonly Point[]): Sample['plot'] {
  const toX = scaleOf(points.map(({ x }) => x))
  const toY = scaleOf(points.map(({ y }) => y))
  return points.map(({ x, y, group }) => ({ x: toX(x), y: toY(y), group }))
}

/** From the least of these values to the greatest as 0 to 1. */
function scaleOf(values: readonly number[]): (value: number) => number {
  const minimum = Math.min(...values)
  const range = Math.max(...values) - minimum
  return (value) => (range === 0 ? 0.5 : Number(((value - minimum) / range).toFixed(4)))
}
