/** Networks of every kind with weights drawn at random, rows of every kind, and what the engine predicts for them. */
import { onTestFinished } from 'vitest'
import { hiddenActivationNames } from '#engine/network/activations.ts'
import { parameterSpans } from '#engine/network/parameters.ts'
import { type Layer, storedCount } from '#engine/network/topology.ts'
import { outputLimits } from '#engine/training/evaluation.ts'
import { Random } from '#engine/random.ts'
import type { FittedPreparation } from '#contract/preparation.ts'
import type { ColumnValues } from '#lab/datasets/column-values.ts'
import { encodeRows } from '#lab/datasets/encode.ts'
import { createEngineHost } from '#lab/engine/host.ts'
import { predictWith } from '#lab/runs/predictor.ts'
import type { TrainedModel } from '#lab/models/model.ts'
import type { ProofRows } from '#lab/models/proof.ts'
import { createServices } from '#test/services.ts'

/** Names and levels that are hard to write: quotes, line ends, other alphabets, a name of Object's own. */
const columns: FittedPreparation['columns'] = [
  {
    kind: 'numeric',
    column: 'body mass (g)',
    fill: 4050,
    offset: 4200.5,
    scale: 800.25,
    smoothClip: true,
    indicator: true
  },
  {
    kind: 'categorical',
    column: 'o\'clock "now"\n*/',
    levels: ['a\\b', 'grün', '"q"', '1'],
    other: true,
    fill: 'grün',
    indicator: true
  },
  { kind: 'numeric', column: '__proto__', fill: -1, offset: 0, scale: 0.5, smoothClip: true, indicator: false },
  { kind: 'categorical', column: 'island', levels: ['Biscoe', 'Dream'], other: false, fill: 'Dream', indicator: false },
  // A macro of C, and values that differ in digits that float32 does not have.
  { kind: 'numeric', column: 'NAN', fill: 1e12, offset: 1e12, scale: 250, indicator: false },
  { kind: 'categorical', column: 'constructor', levels: ['steel'], other: true, fill: 'steel', indicator: true },
  {
    kind: 'date',
    column: 'seen at',
    fill: 19_000.5,
    minimum: 18_000,
    maximum: 20_000,
    parts: [
      { part: 'days', offset: 19_000, scale: 400 },
      { part: 'year', offset: 2021, scale: 1.5 },
      { part: 'month', offset: 0, scale: 1 },
      { part: 'weekday', offset: 0, scale: 1 },
      { part: 'hour', offset: 0, scale: 1 }
    ],
    indicator: true
  },
  { kind: 'numeric', column: 'born', reads: 'date', fill: 4000, offset: 5000, scale: 3000, indicator: false },
  { kind: 'time', column: 'start', fill: 8.25, indicator: false },
  { kind: 'numeric', column: 'pace', reads: 'clock', fill: 5, offset: 5.2, scale: 0.7, indicator: false },
  {
    kind: 'ordinal',
    column: 'grade',
    levels: ['low', 'mid', 'high'],
    fill: 'mid',
    offset: 0.8,
    scale: 0.6,
    indicator: true,
    aliases: { 'Low ': 'low', HIGH: 'high' }
  },
  {
    kind: 'frequency',
    column: 'shop',
    levels: ['K1', 'K2'],
    shares: [0.5, 0.125],
    fill: 'K1',
    offset: 0.3,
    scale: 0.2,
    indicator: false
  },
  { kind: 'categorical', column: 'tagged', levels: ['False', 'True'], other: false, fill: 'False', indicator: false }
]

const inputs = 33

/** Narrow enough that some of the rows reach both limits. */
const numberScale = { mean: 180_000, deviation: 79_000.5, limits: { minimum: 175_000, maximum: 190_000 } }

/** Makes a model with weights from a seed; classes for a classification, else a number. */
export function randomModel(hidden: readonly Layer[], classes: readonly string[] | null, seed = 1): TrainedModel {
  const output: Layer = { units: classes?.length ?? 1, activation: classes ? 'softmax' : 'linear' }
  const topology = { inputs, layers: [...hidden, output] }
  const random = new Random(seed)
  const parameters = Float32Array.from({ length: storedCount(topology) }, () => random.uniform() - 0.5)
  for (const { running, units } of parameterSpans(topology)) {
    // Variances are positive.
    if (running !== null) for (let unit = 0; unit < units; unit++) parameters[running + units + unit]! += 1
  }
  const part = { loss: 0.25 }
  return {
    task: classes ? 'classification' : 'regression',
    topology,
    parameters,
    preparation: {
      version: 1,
      columns: columns,
      inputs: Array.from({ length: inputs }, (_, index) => `input ${index}`),
      target: 'species',
      classes: classes && [...classes],
      targetScale: classes ? { mean: 0, deviation: 1 } : numberScale,
      warnings: []
    },
    provenance: {
      lab: '0.1.0',
      run: 7,
      experiment: 'Penguins',
      dataset: { name: 'penguins', hash: '0123456789abcdef' },
      split: { kind: 'fractions', train: 60, validation: 20, test: 20, seed: 1, stratified: true },
      rows: { train: 200, validation: 70, test: 70 },
      seed: 1,
      loss: 'cross_entropy',
      optimizer: 'adam',
      weights: 'best',
      epoch: 12,
      figures: { train: part, validation: part },
      test: null
    }
  }
}

/** One model for each hidden activation, both normalisations, no hidden layer, and a number as the target. */
export function everyModel(): [string, TrainedModel][] {
  const classes = ['Adelie', 'Chin "strap"', 'Gen\ntoo']
  const activated = hiddenActivationNames.map((activation): [string, TrainedModel] => [
    activation,
    randomModel([{ units: 7, activation, ...(activation === 'leaky_relu' ? { slope: 0.2 } : {}) }], classes)
  ])
  return [
    ...activated,
    [
      'batch normalisation',
      randomModel([{ units: 6, activation: 'relu', normalisation: 'batch', dropout: 0.5 }], classes)
    ],
    ['layer normalisation', randomModel([{ units: 6, activation: 'tanh', normalisation: 'layer' }], classes)],
    ['no hidden layer', randomModel([], classes)],
    [
      'a number',
      randomModel(
        [9, 5].map((units) => ({ units, activation: 'relu' as const })),
        null
      )
    ]
  ]
}

/** Ensembles, whose networks differ in their layers: of classes with a temperature and without one, and of a number. */
export function everyEnsemble(): [string, TrainedModel][] {
  const classes = ['Adelie', 'Chin "strap"', 'Gen\ntoo']
  const average = (names: readonly string[] | null, temperature?: number): TrainedModel => {
    const [first, ...further] = [
      randomModel([{ units: 7, activation: 'relu' }], names, 1),
      randomModel(
        [
          { units: 40, activation: 'tanh', normalisation: 'batch' },
          { units: 5, activation: 'gelu' }
        ],
        names,
        2
      ),
      randomModel([], names, 3)
    ]
    if (!first) throw new Error('There is no first network.')
    const others = further.map(({ topology, parameters }) => ({ topology, parameters }))
    return { ...first, further: others, ...(temperature !== undefined && { temperature }) }
  }
  return [
    ['an ensemble', average(classes)],
    ['an ensemble with a temperature', average(classes, 1.7)],
    [
      'one network with a temperature',
      { ...randomModel([{ units: 4, activation: 'relu' }], classes), temperature: 0.6 }
    ],
    ['an ensemble of numbers', average(null)]
  ]
}

/** Rows with missing values, levels never seen, and numbers that are none. */
export const rawRows: readonly ColumnValues[] = [
  Float64Array.of(3750, NaN, 5000.25, Infinity, 0, 6300),
  ['a\\b', null, 'grün', 'never seen', '1', '"q"'],
  Float64Array.of(0.5, -0.25, NaN, 2, 0.125, -3),
  ['Biscoe', 'Dream', null, 'Torgersen', 'nowhere', 'Biscoe'],
  Float64Array.of(1e12 + 100, 1e12 - 300, NaN, 1e12, 1e12 + 500, 1e12 + 1),
  ['steel', 'glass', null, 'steel', 'steel', null],
  // 2024-02-29 12:00, 1969-12-31 06:00, missing, 2000-01-01, 2021-12-31 23:45, 1900-03-01.
  Float64Array.of(19_782.5, -0.75, NaN, 10_957, 18_992 + 1425 / 1440, -25_508),
  Float64Array.of(3652, -1, NaN, 10_957, 0, 5000),
  Float64Array.of(0, 23.75, NaN, 6.5, 12, 18.25),
  Float64Array.of(4 + 35 / 60, NaN, 5.5, 6 + 2 / 60, 4, 30.25),
  ['low', 'high', null, 'Low ', 'HIGH', 'huge'],
  ['K1', 'K2', null, 'K9', 'K2', 'K1'],
  ['True', 'False', null, 'True', 'False', 'True']
]

/** The same rows as cells of a CSV file: all of them texts, the missing ones empty. */
export const cells: readonly Record<string, string>[] = Array.from({ length: 6 }, (_, row) => {
  const texts = rawRows.map((values) => String(values[row] ?? '').replace('NaN', ''))
  const written = {
    'seen at': ['2024-02-29 12:00', '1969-12-31T06:00:00', '', '2000-01-01', '2021-12-31 23:45:00Z', '1900-03-01'],
    born: ['1980-01-01', '1969-12-31', '', '2000-01-01', '1970-01-01', '1983-09-10'],
    start: ['0:00', '11:45 PM', '', '06:30', '12:00', '18:15:00'],
    pace: ['4:35', '', '05:30', '6:02', '4:00', '1 day 06:15:00']
  }
  return Object.fromEntries(
    columns.map(({ column }, index) => [column, written[column as keyof typeof written]?.[row] ?? texts[index] ?? ''])
  )
})

/** Predicts the rows with the real engine; bare networks have outputs without limits. */
export async function predictRows(models: readonly TrainedModel[], isBare = false): Promise<ProofRows[]> {
  const { launchEngine, log } = createServices('direct')
  const listener = { onRunEvent: () => undefined, onRunsLost: () => undefined, onStatus: () => undefined }
  const engine = createEngineHost({ launch: launchEngine, listener, log, now: () => performance.now() })
  onTestFinished(() => engine.close())
  return Promise.all(
    models.map(async ({ preparation, temperature = 1, further = [], ...first }) => {
      const encoded = encodeRows(preparation, rawRows)
      const limits = isBare ? undefined : outputLimits(preparation.targetScale)
      const outputs = await predictWith(engine, { networks: [first, ...further], limits, temperature }, encoded)
      return { preparation, rows: 6, columns: rawRows, inputs: encoded, outputs }
    })
  )
}

/** The rows as objects of JSON: null where a value is missing or no number. */
export function rowObjects(): Record<string, number | string | null>[] {
  return Array.from({ length: 6 }, (_, row) =>
    Object.fromEntries(
      columns.map(({ column }, index) => {
        const value = rawRows[index]?.[row] ?? null
        return [column, typeof value === 'number' && !Number.isFinite(value) ? null : value]
      })
    )
  )
}
