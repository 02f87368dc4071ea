/**
 * What a worker sends back of a unit. It is believed no more than a file from a stranger: of the right shape, of this very
 * unit, finite where it counts, and no larger than the unit can make it.
 */
import { z } from 'zod'
import { storedCount } from '#engine/network/topology.ts'
import { checkpointVersion } from '#engine/training/checkpoint.ts'
import { metricColumns } from '#engine/training/metrics.ts'
import { mostKeptRows } from '#engine/training/row-figures.ts'
import { LabError } from '#contract/errors.ts'
import { divergence, runDetails } from '#contract/network.ts'
import { processorKind } from '#lab/engine/processor.ts'
import { type Unit, wireVersion } from '#lab/workers/unit.ts'
import { fromWire } from '#lab/workers/wire.ts'

const float32 = z.custom<Float32Array>((value) => value instanceof Float32Array)
/** Any number: what is not finite is left out where it is stored. */
const figure = z.custom<number>((value) => typeof value === 'number')
const count = z.number().int().min(0)

const partFigures = z.object({
  loss: figure,
  accuracy: figure.optional(),
  rmse: figure.optional(),
  mae: figure.optional(),
  r2: figure.optional()
})

const checkpoint = z.object({
  version: z.literal(checkpointVersion),
  epoch: count,
  step: count,
  elapsedSeconds: z.number().min(0),
  parameters: float32,
  optimizerState: float32,
  random: z.custom<Uint32Array>((value) => value instanceof Uint32Array),
  unfinished: z
    .object({
      rows: count,
      sums: z.object({ loss: figure, correct: figure, squared: figure, absolute: figure }),
      gradientSquares: z.array(figure).optional()
    })
    .nullable(),
  best: z.object({ epoch: count, value: figure, parameters: float32 })
})

const frames = z.object({ firstEpoch: z.literal(1), epochs: count, values: float32 }).nullable()

const snapshots = z.array(z.object({ epoch: count, parameters: float32 })).max(1000)

const outcome = z.object({
  status: z.enum(['done', 'diverged', 'failed']),
  reason: z.enum(['epochs', 'patience', 'target', 'time', 'diverged', 'failed']),
  epochs: count,
  bestEpoch: count,
  seconds: z.number().min(0),
  train: partFigures.nullable(),
  validation: partFigures.nullable(),
  details: runDetails.nullable(),
  rows: z.object({ rows: count, departures: float32, surprises: float32 }).nullable(),
  checkpoint: checkpoint.nullable(),
  divergence: divergence.nullable(),
  message: z.string().max(2000).nullable()
})

const common = { version: z.literal(wireVersion), unit: z.string(), processor: z.string().max(200), frames, snapshots }

/** A unit that has come to its end. */
export const unitResult = z.object({ ...common, outcome })

export type UnitResult = z.infer<typeof unitResult>

/** A unit on its way, for whoever goes on with it; only on the same kind of processor, where the bits stay the same. */
export const unitStand = z.object({ ...common, checkpoint })

export type UnitStand = z.infer<typeof unitStand>

/** The result of a unit that fells whoever trains it. */
export function poisonedResult(name: string): UnitResult {
  return {
    version: wireVersion,
    unit: name,
    processor: processorKind(),
    frames: null,
    snapshots: [],
    outcome: {
      status: 'failed',
      reason: 'failed',
      epochs: 0,
      bestEpoch: 0,
      seconds: 0,
      train: null,
      validation: null,
      details: null,
      rows: null,
      checkpoint: null,
      divergence: null,
      message: 'Three workers died or failed while they trained it; it may need more memory than they have.'
    }
  }
}

/** The most bytes that a result of a unit can have on the wire, with room to spare. */
export function mostBytes({ plan, topology, table, snapshotEpochs }: Unit): number {
  const parameters = storedCount(topology)
  // Parameters, the best ones, and the optimizer's values; L-BFGS remembers up to some dozens of steps.
  const weights = parameters * (60 + snapshotEpochs.length)
  const epochs = plan.stopping.epochs * metricColumns(table.task, topology).length
  return 1_000_000 + 6 * (weights + epochs + 2 * mostKeptRows)
}

/**
 * Reads a result and holds it to its unit.
 * Errors: LabError 'bad_file' with a sentence for one that is not of this unit or can not be.
 */
export function readResult(text: string, unit: Unit, name: string): UnitResult {
  const result = parse(unitResult, text, name)
  expectFits(result, unit, name)
  const { epochs, bestEpoch, status, train, checkpoint: last } = result.outcome
  const isWhole = (result.frames?.epochs ?? 0) === epochs && epochs <= unit.plan.stopping.epochs && bestEpoch <= epochs
  if (!isWhole) throw strange(name, 'its epochs are not those of its plan')
  if (status === 'done' && (!train || !last || !Number.isFinite(train.loss) || train.loss < -1e-6)) {
    throw strange(name, 'it is done and has no finite loss')
  }
  return result
}

/** Reads a stand, the same way. */
export function readStand(text: string, unit: Unit, name: string): UnitStand {
  const stand = parse(unitStand, text, name)
  expectFits(stand, unit, name)
  return stand
}

function parse<Schema extends z.ZodType>(schema: Schema, text: string, name: string): z.output<Schema> {
  let data: unknown
  try {
    data = fromWire(text)
  } catch {
    throw strange(name, 'it is cut or damaged')
  }
  const parsed = schema.safeParse(data)
  if (!parsed.success) throw strange(name, `"${parsed.error.issues[0]?.path.join('.') ?? ''}" is not what it should be`)
  return parsed.data
}

function expectFits(each: UnitResult | UnitStand, { topology, table }: Unit, name: string): void {
  if (each.unit !== name) throw strange(name, 'it tells of another unit')
  const parameters = storedCount(topology)
  const { frames: told, snapshots: kept } = each
  const columns = metricColumns(table.task, topology).length
  if (told && told.values.length !== told.epochs * columns) throw strange(name, 'its curves have another shape')
  const last = 'outcome' in each ? each.outcome.checkpoint : each.checkpoint
  const weights = [...kept.map((snapshot) => snapshot.parameters), ...(last ? [last.best.parameters] : [])]
  if (weights.some((each) => each.length !== parameters)) throw strange(name, 'its weights are of another network')
  if (weights.some((each) => !each.every(Number.isFinite))) throw strange(name, 'its weights are no finite numbers')
}

function strange(name: string, why: string): LabError {
  return new LabError('bad_file', `The result of unit ${name.slice(0, 12)} is refused: ${why}.`)
}
