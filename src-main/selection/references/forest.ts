/**
 * A random forest of 300 trees: Yggdrasil Decision Forests (Guillame-Bert, Bruch, Stotz & Pfeifer 2023, KDD) as
 * WebAssembly, with its own defaults, which draw the candidate columns anew for every split as Breiman 2001 does, and with a
 * fixed seed. It stands beside the networks as what a person would try who has no network.
 */
import type { EngineDataset } from '#engine/process/protocol.ts'
import { Random } from '#engine/random.ts'
import { keptRows } from '#engine/training/row-figures.ts'
import { errorOfDepartures, type FittedReference } from '#lab/selection/references/fitted.ts'
import { loadYdf } from '#lab/selection/references/ydf.ts'
import { headRows } from '#lab/store/row-figures.ts'

/** A part of a prepared table: (rows, inputs) row by row, and (rows) class numbers or scaled numbers. */
export interface PartRows {
  readonly inputs: Float32Array
  readonly targets: Float32Array
}

type Shape = Pick<EngineDataset, 'inputs' | 'task' | 'targetScale'>

const label = 'target'

/** Rows at most, and rows times columns that a split looks at: about 20 s on one thread. */
const mostRows = 5000
const mostWork = 200_000

/** Fits a forest on the training part, on a fixed sample of a large one, and measures it. */
export async function fitForest(shape: Shape, train: PartRows, validation: PartRows): Promise<FittedReference> {
  const start = performance.now()
  const isClass = shape.task === 'classification'
  const ydf = await loadYdf()
  const rows = sampleOf(train.targets.length, shape)
  const targets = Array.from(rows, (row) => train.targets[row] ?? 0)
  const columns = { ...columnsOf(shape, train, rows), [label]: isClass ? targets.map(String) : targets }
  const model = new ydf.RandomForestLearner(label, isClass ? 'CLASSIFICATION' : 'REGRESSION').train(columns)
  try {
    const classes = isClass ? model.getLabelClasses().map(Number) : null
    const departuresOn = (part: PartRows, chosen: Uint32Array) => {
      const predicted = model.predict(columnsOf(shape, part, chosen))
      return departures(classes ? saidOf(predicted, classes) : predicted, part, chosen, shape)
    }
    const judged = departuresOn(validation, keptRows(validation.targets.length))
    return {
      trainError: errorOfDepartures(departuresOn(train, rows), isClass),
      validationError: errorOfDepartures(judged, isClass),
      trainedRows: rows.length,
      seconds: (performance.now() - start) / 1000,
      departures: judged.slice(0, headRows)
    }
  } finally {
    model.unload()
  }
}

/** The rows that are trained on, ascending. */
function sampleOf(rows: number, { inputs, task }: Shape): Uint32Array {
  const looked = task === 'classification' ? Math.sqrt(inputs) : inputs / 3
  const most = Math.min(mostRows, Math.floor(mostWork / looked))
  const order = Uint32Array.from({ length: rows }, (_, row) => row)
  if (rows <= most) return order
  new Random(rows).shuffle(order)
  return order.slice(0, most).sort()
}

function columnsOf({ inputs }: Shape, part: PartRows, rows: Uint32Array): Record<string, number[]> {
  return Object.fromEntries(
    Array.from({ length: inputs }, (_, input) => [
      `input ${input}`,
      Array.from(rows, (row) => part.inputs[row * inputs + input] ?? 0)
    ])
  )
}

/** The likeliest class of each row. */
function saidOf(probabilities: readonly number[], classes: readonly number[]): number[] {
  const [first = 0, second = first] = classes
  if (classes.length <= 2) return probabilities.map((p) => (p > 0.5 ? second : first))
  return Array.from({ length: probabilities.length / classes.length }, (_, row) => {
    const own = probabilities.slice(row * classes.length, (row + 1) * classes.length)
    return classes[own.indexOf(Math.max(...own))] ?? first
  })
}

function departures(predicted: readonly number[], part: PartRows, rows: Uint32Array, shape: Shape): Float32Array {
  const { task, targetScale } = shape
  return Float32Array.from(rows, (row, at) => {
    const [said, wanted] = [predicted[at] ?? NaN, part.targets[row] ?? NaN]
    if (task === 'classification') return said === wanted ? 0 : said + 1
    return (said - wanted) * targetScale.deviation
  })
}
