/**
 * What a run says of single rows of its validation part with the weights of its best epoch, so that topologies are
 * compared row by row. Of a large part a fixed sample is kept, the same for all runs of the part.
 */
import type { Task } from '#engine/network/losses.ts'
import { Random } from '#engine/random.ts'
import { predictedClass } from '#engine/training/part-details.ts'

/** Rows kept of a part: 50 kB a run, and a paired difference known to 1 % of the spread of its rows. */
export const mostKeptRows = 10_000

/** Shapes: one number a kept row, in the order of keptRows(). */
export interface RowFigures {
  /** Rows of the whole part. */
  readonly rows: number
  /**
   * How a row's answer departs from its target. Numbers: the residual (prediction - target) in units of the target.
   * Classes: 0 for the right one, else 1 + the number of the class said.
   */
  readonly departures: Float32Array
  /** -log of the probability given to the true class, at most that of the smallest float32; empty for numbers. */
  readonly surprises: Float32Array
}

/**
 * Lists the rows of a part that are kept, by their place in it. The order is random and follows from the number of rows
 * alone, so that any beginning of the list is a sample drawn without replacement, the same for every run.
 */
export function keptRows(rows: number, most = mostKeptRows): Uint32Array<ArrayBuffer> {
  const order = Uint32Array.from({ length: rows }, (_, row) => row)
  new Random(rows).shuffle(order)
  return order.slice(0, most)
}

export interface RowFiguring {
  /** Shapes: outputs (rows, units) of the rows after those taken in before. */
  add(outputs: Float32Array): void
  finish(): RowFigures
}

export interface FiguredPart {
  readonly task: Task
  /** Outputs of the network: one a class, or a single one. */
  readonly units: number
  /** (rows) class numbers or scaled numbers. */
  readonly targets: Float32Array
  /** Units of a target: t = scaled * deviation + mean. */
  readonly deviation: number
}

/** Below it a probability has no float32 any more. */
const leastProbability = 2 ** -149

/** Starts the figures of single rows of a part, of which `most` are kept. */
export function figureRows({ task, units, targets, deviation }: FiguredPart, most: number = mostKeptRows): RowFiguring {
  const classifies = task === 'classification'
  const departures = new Float32Array(targets.length)
  const surprises = new Float32Array(classifies ? targets.length : 0)
  let row = 0

  function addClass(outputs: Float32Array, start: number): void {
    const wanted = targets[row] ?? 0
    const said = predictedClass(outputs, start, units)
    const first = outputs[start] ?? 0
    const p = units === 1 ? (wanted === 1 ? first : 1 - first) : (outputs[start + wanted] ?? 0)
    departures[row] = said === wanted ? 0 : said + 1
    surprises[row] = -Math.log(Math.max(p, leastProbability))
  }

  return {
    add(outputs) {
      for (let start = 0; start < outputs.length; start += units, row++) {
        if (classifies) addClass(outputs, start)
        else departures[row] = ((outputs[start] ?? 0) - (targets[row] ?? 0)) * deviation
      }
    },
    finish() {
      const kept = keptRows(targets.length, most)
      const pick = (values: Float32Array) => Float32Array.from(kept, (place) => values[place] ?? 0)
      return {
        rows: targets.length,
        departures: pick(departures),
        surprises: classifies ? pick(surprises) : surprises
      }
    }
  }
}
