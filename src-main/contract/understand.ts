/** Understanding a trained network: what it says over one or two columns, and what its units do. Of the training part. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { lossNames } from '#engine/network/losses.ts'
import { lossSliceItem, lossSliceRequest } from '#contract/loss-slice.ts'
import { topology } from '#contract/network.ts'
import { reading } from '#contract/procedure.ts'

const float32 = z.instanceof(Float32Array)

export const inputColumn = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('numeric'),
    name: z.string(),
    minimum: z.number(),
    maximum: z.number(),
    typical: z.number().describe('The median of the training part')
  }),
  z.object({
    kind: z.literal('categorical'),
    name: z.string(),
    levels: z.array(z.string()).describe('`other` stands for all rarer ones, where there are any'),
    typical: z.string().nullable().describe('The most frequent level of the training part')
  })
])

export type InputColumn = z.infer<typeof inputColumn>

export const axes = z.object({
  columns: z.array(inputColumn).describe('The columns that are inputs, in the order of the table'),
  suggested: z.array(z.string()).min(1).max(2).describe('Those that alone tell most of the target'),
  image: z
    .object({ width: z.number().int(), height: z.number().int() })
    .nullable()
    .describe('Where the inputs are the pixels of an image, row by row'),
  rows: z.number().int().describe('Of the training part'),
  firstRows: z.array(z.number().int()).describe('Numbers of some rows of the training part, to choose from')
})

export type Axes = z.infer<typeof axes>

export const axis = z.object({
  column: z.string(),
  /** Values along the axis: numbers in the units of the table, or the places of levels. */
  values: z.array(z.number()),
  levels: z.array(z.string()).nullable()
})

export type Axis = z.infer<typeof axis>

export const surface = z.object({
  epoch: z.number().int(),
  x: axis,
  y: axis.nullable(),
  outputs: z.number().int().describe('Numbers a place: one a class, or a single one'),
  values: float32.describe(
    'Row by row from the lowest y: probabilities of classes, or the number in the units of the target, or what a unit gives'
  ),
  points: z
    .object({
      rows: z.array(z.number().int()).describe('Their numbers in the data set'),
      x: float32,
      y: float32,
      targets: float32.describe('The number of the class, or the value'),
      predictions: float32.describe('The same, as the network says for the whole row')
    })
    .nullable()
    .describe('Rows of the training part; null for a unit'),
  held: z.array(z.object({ column: z.string(), value: z.string() })).describe('The other columns, at most 60 of them')
})

export type Surface = z.infer<typeof surface>

const unitTwin = z.object({ unit: z.number().int(), twin: z.number().int() })

export const networkColumn = z.object({
  units: z.number().int(),
  activation: z.string().nullable().describe('Null for the inputs'),
  drawn: z.array(z.number().int()).describe('Numbers of the units that move the next layer most, in order'),
  labels: z.array(z.string()).describe('Names of the drawn inputs or classes; empty for hidden layers'),
  biases: z.array(z.number()).describe('Of the drawn units; empty for the inputs'),
  still: z.array(z.number().int()).describe('Units that give the same for every row looked at'),
  twins: z.array(unitTwin).describe('Units that say the same as an earlier one: correlation beyond 0.99'),
  responses: float32
    .nullable()
    .describe('Of the drawn units over the axes: resolution x resolution numbers each, from the lowest y'),
  images: float32.nullable().describe('Incoming weights of the drawn units as pixels, where the inputs are an image')
})

export type NetworkColumn = z.infer<typeof networkColumn>

export const networkPicture = z.object({
  epoch: z.number().int(),
  rows: z.number().int().describe('Rows of the training part that were looked at'),
  ofRows: z.number().int(),
  columns: z.array(networkColumn).describe('Inputs first'),
  links: z.array(float32).describe('Between each column and the next: (drawn to, drawn from) row by row'),
  resolution: z.number().int()
})

export type NetworkPicture = z.infer<typeof networkPicture>

export const rowNetwork = z.object({
  epoch: z.number().int(),
  row: z.number().int().describe('Number of the row in the data set, from 0'),
  part: z.enum(['train', 'validation']),
  rows: z.array(z.number().int()).describe('Numbers of some rows of the training part, to choose from'),
  topology,
  loss: z.enum(lossNames),
  huberDelta: z.number(),
  learningRate: z.number().describe('Of the plan, before any schedule'),
  parameters: float32.describe('In the order of checkpoints'),
  inputs: float32.describe('Of the row, prepared as the network takes them'),
  inputNames: z.array(z.string()),
  outputNames: z.array(z.string()),
  target: z.number().describe('The number of the class, or the value as the network takes it'),
  targetText: z.string().describe('The class, or the value in the units of the table')
})

export type RowNetwork = z.infer<typeof rowNetwork>

const weights = z
  .union([z.enum(['best', 'last', 'now']), z.number().int().min(0)])
  .describe('`now` asks a run in training; for others it is the last epoch. A number: the kept epoch nearest to it')

const place = {
  runId: z.number().int(),
  weights: weights.default('best'),
  x: z.string(),
  y: z.string().nullable().default(null),
  row: z
    .number()
    .int()
    .min(0)
    .nullable()
    .default(null)
    .describe('A row of the data set that the other columns are held at; their typical values where null')
}

export const understand = {
  /** The columns that a picture can be drawn over. */
  axes: reading.input(z.object({ experimentId: z.number().int() })).output(axes),
  /** What a network says over one or two columns; with `unit`, what one of its units gives. */
  surface: reading
    .input(
      z.object({
        ...place,
        resolution: z.number().int().min(2).max(200).default(60),
        unit: z
          .object({ layer: z.number().int().min(1), unit: z.number().int().min(0) })
          .optional()
          .describe('Layer 1 is the first hidden one')
      })
    )
    .output(surface),
  /** One row as a network saw it, with the network's numbers: for backpropagation step by step. */
  row: reading
    .input(
      z.object({
        runId: z.number().int(),
        weights: weights.default('best'),
        row: place.row.describe('A row of the data set, from 0; the first of the training part where null')
      })
    )
    .output(rowNetwork),
  /** The loss of an open part over a plane through the weights of a run; ending the stream cancels it. */
  lossSlice: reading.input(lossSliceRequest).output(eventIterator(lossSliceItem)),
  /** The network as a picture: its strongest units, their links, and which of them do nothing. */
  network: reading
    .input(
      z.object({
        ...place,
        most: z.number().int().min(1).max(32).default(8).describe('Units drawn of a layer'),
        resolution: z.number().int().min(2).max(40).default(16)
      })
    )
    .output(networkPicture)
}
