/**
 * Runs what was exported apart from the lab: in a thread of its own, which ends with its answer, so that neither a large
 * file nor a module that is wrong holds up or stays in the lab.
 */
import { Worker } from 'node:worker_threads'

/** Reads a JSON document; the numbers of its layers come back as float32, which cost nothing to hand over. */
const parseSource = `
const { parentPort, workerData } = require('node:worker_threads')
const { readFileSync } = require('node:fs')
const transfer = []
const ofLayers = new Set(['weights', 'biases', 'gain', 'shift', 'runningMean', 'runningVariance'])
const document = JSON.parse(readFileSync(workerData.path, 'utf8'), (key, value) => {
  if (!ofLayers.has(key) || !Array.isArray(value) || !value.every((item) => typeof item === 'number')) return value
  const numbers = Float32Array.from(value)
  transfer.push(numbers.buffer)
  return numbers
})
parentPort.postMessage(document, transfer)
`

/** Imports a module and predicts rows with it. */
const predictSource = `
const { parentPort, workerData } = require('node:worker_threads')
const { names, columns, rows, url } = workerData
import(url).then(({ predict }) => {
  const outputs = []
  const labels = []
  for (let row = 0; row < rows; row++) {
    const given = Object.fromEntries(names.map((name, index) => [name, columns[index][row]]))
    const prediction = predict(given)
    outputs.push(...prediction.outputs)
    labels.push(prediction.label ?? null)
  }
  parentPort.postMessage({ outputs: Float64Array.from(outputs), labels })
})
`

export interface ModulePredictions {
  /** (rows, outputs) row by row. */
  readonly outputs: Float64Array
  /** Null for a number. */
  readonly labels: readonly (string | null)[]
}

/** Parses a JSON file. Errors: rejects where it is none. */
export function parseJsonFile(path: string): Promise<unknown> {
  return ask(parseSource, { path })
}

/**
 * Predicts rows with an exported JavaScript module.
 * Shapes: one array a column, one value a row.
 * Errors: rejects with what the module throws.
 */
export function predictWithModule(
  url: string,
  names: readonly string[],
  columns: readonly unknown[],
  rows: number
): Promise<ModulePredictions> {
  return ask(predictSource, { url, names, columns, rows }) as Promise<ModulePredictions>
}

function ask(source: string, workerData: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(source, { eval: true, workerData })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('The thread ended without an answer.')))
  })
}
