/** One row as a network saw it, with the network's numbers: all that backpropagation needs to be told step by step. */
import { open } from 'node:fs/promises'
import { outputLayer } from '#engine/network/topology.ts'
import type { MatrixFile } from '#engine/process/protocol.ts'
import type { RowNetwork } from '#contract/understand.ts'
import { labelsOf } from '#lab/insight/understanding/network-picture.ts'
import type { Viewed } from '#lab/insight/understanding/surface.ts'
import { readRow } from '#lab/insight/understanding/training-rows.ts'
import type { StoredRun } from '#lab/store/runs.ts'

/** A row of an open part. */
export interface FoundRow {
  /** Its number in the data set. */
  readonly row: number
  readonly part: 'train' | 'validation'
  readonly file: MatrixFile
  /** In the part. */
  readonly place: number
}

/** Gathers a run's network at some weights, and a row of its table as its inputs are. */
export async function gatherRow(
  run: StoredRun,
  viewed: Viewed,
  found: FoundRow,
  rows: readonly number[]
): Promise<RowNetwork> {
  const { network, width, epoch, classes, task, targetScale } = viewed
  const { layers } = network.topology
  const [inputs, target] = await Promise.all([
    readRow(found.file, width, found.place),
    readTarget(found.file, width, found.place)
  ])
  const all = (count: number) => Array.from({ length: count }, (_, index) => index)
  const number = Number((target * targetScale.deviation + targetScale.mean).toPrecision(7))
  return {
    epoch,
    row: found.row,
    part: found.part,
    rows: [...rows],
    topology: { inputs: network.topology.inputs, layers: [...layers] },
    loss: run.plan.loss,
    huberDelta: run.plan.huberDelta ?? 1,
    learningRate: run.plan.optimizer.learningRate,
    // A part of a larger buffer would take the whole of it across.
    parameters: Float32Array.from(network.parameters),
    inputs: Float32Array.from(inputs),
    inputNames: labelsOf(viewed, 0, all(width)),
    outputNames: labelsOf(viewed, layers.length, all(outputLayer(network.topology).units)),
    target,
    targetText: task === 'classification' ? (classes?.[target] ?? `${target}`) : `${number}`
  }
}

/** Reads the target of one row of a part: the targets lie behind the inputs of all rows. */
async function readTarget({ path, rows }: MatrixFile, width: number, place: number): Promise<number> {
  const target = new Float32Array(1)
  const file = await open(path, 'r')
  try {
    const bytes = Float32Array.BYTES_PER_ELEMENT
    await file.read(new Uint8Array(target.buffer), 0, bytes, (rows * width + place) * bytes)
    return target[0] ?? NaN
  } finally {
    await file.close()
  }
}
