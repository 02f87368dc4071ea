/**
 * The linear model: the lab's own network without hidden layers, trained to its end by the plan that a new experiment
 * begins with (least squares for numbers, logistic regression for classes). One seed, since its loss has one valley: seeds
 * change only the order of the rows. It is judged at its best epoch, as all networks are.
 */
import { instantiateKernels } from '#engine/kernels/kernels.ts'
import { outputFor } from '#engine/network/losses.ts'
import type { EngineDataset } from '#engine/process/protocol.ts'
import { arenaBytes } from '#engine/training/open-training.ts'
import { defaultPlan } from '#engine/training/plan.ts'
import { createTrainer } from '#engine/training/trainer.ts'
import type { FittedReference } from '#lab/selection/references/fitted.ts'
import type { PartRows } from '#lab/selection/references/forest.ts'
import { headRows } from '#lab/store/row-figures.ts'
import { errorOf } from '#trials/measure.ts'

type Shape = Pick<EngineDataset, 'inputs' | 'task' | 'classes' | 'targetScale'>

/** Whole lines of the processor's cache, as the kernels want their buffers. */
const lined = (bytes: number) => Math.ceil(bytes / 64) * 64
const pageBytes = 65_536

/** Trains it. Errors: throws Error where it has no finite loss. */
export function fitLinear(
  kernels: WebAssembly.Module,
  shape: Shape,
  train: PartRows,
  validation: PartRows
): FittedReference {
  const start = performance.now()
  const { task, classes, targetScale } = shape
  const output = outputFor(task, classes)
  const topology = { inputs: shape.inputs, layers: [{ units: output.units, activation: output.activation }] }
  const rows = train.targets.length
  const plan = defaultPlan(output.loss, rows)
  const views = layOut([train, validation])
  const arena = { offset: views.end, bytes: arenaBytes(topology, plan, rows) }
  const pages = Math.ceil((arena.offset + arena.bytes) / pageBytes)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  for (const { part, view } of views.parts) {
    new Float32Array(memory.buffer, view.inputs, part.inputs.length).set(part.inputs)
    new Float32Array(memory.buffer, view.targets, part.targets.length).set(part.targets)
  }
  const [own, judging] = views.parts.map(({ view }) => view)
  if (!own || !judging) throw new Error('The parts have no place.')
  const trainer = createTrainer({
    kernels: instantiateKernels(kernels, memory),
    arena,
    train: own,
    validation: judging,
    task,
    classes,
    targetScale,
    topology,
    plan,
    seed: 1,
    checkpoint: null,
    now: () => performance.now()
  })
  while (!trainer.advance(1000).finished);
  const outcome = trainer.finish()
  if (!outcome.train || !outcome.validation || !outcome.rows) throw new Error(outcome.message ?? 'It diverged.')
  return {
    trainError: errorOf(outcome.train),
    validationError: errorOf(outcome.validation),
    trainedRows: rows,
    seconds: (performance.now() - start) / 1000,
    departures: outcome.rows.departures.slice(0, headRows)
  }
}

/** Places the parts in a memory, one behind the other; units: bytes. */
function layOut(parts: readonly PartRows[]) {
  let end = 64
  const take = (values: Float32Array) => {
    const offset = end
    end += lined(values.byteLength)
    return offset
  }
  const placed = parts.map((part) => ({
    part,
    view: { inputs: take(part.inputs), targets: take(part.targets), rows: part.targets.length }
  }))
  return { parts: placed, end }
}
