/**
 * The table of recipes: plans to start from. `classic` is the lecture's plain network; `strong` is what did best on the
 * tables of test/bench/quality.ts. What a recipe asks of the preparation is in recipes.ts of the lab's words.
 */
import type { LossName, Task } from '#engine/network/losses.ts'
import { defaultPlan, type TrainingPlan } from '#engine/training/plan.ts'

export interface Recipe {
  readonly label: string
  readonly help: string
  /** The plan for the rows of a training part. */
  readonly plan: (loss: LossName, rows?: number) => TrainingPlan
  /** Hidden layers as --hidden takes them; null: those of a new network. */
  readonly hidden: Readonly<Record<Task, string>> | null
}

/** The most steps of a strong plan: a large table is seen less often, and in as many steps as it takes. */
const mostSteps = 200_000
const [fewestEpochs, usualEpochs] = [20, 200]

/**
 * Weight decay that falls with the rows, as that of a prior does, which says the same of the weights however many rows
 * there are: without it networks on a hundred rows are far too sure of their classes. Measured on the seven small tables
 * of test/bench/quality.ts, from 100 to 1000 rows; numbers want less of it, and dropout beside.
 */
const decays = {
  classification: { learningRate: 0.002, decayRows: 1200 },
  regression: { learningRate: 0.003, decayRows: 100 }
} as const
const mostDecay = 3

function strongPlan(loss: LossName, rows = Infinity): TrainingPlan {
  const batchSize = 32
  const stepsAnEpoch = Math.ceil(rows / batchSize)
  const { learningRate, decayRows } = decays[loss.endsWith('cross_entropy') ? 'classification' : 'regression']
  const weightDecay = Number(Math.min(mostDecay, decayRows / rows).toPrecision(2))
  const epochs = Math.max(fewestEpochs, Math.min(usualEpochs, Math.floor(mostSteps / stepsAnEpoch)))
  return {
    ...defaultPlan(loss, rows),
    optimizer: { name: 'adamw', learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay },
    batchSize,
    schedule: { name: 'cosine', minimum: 0 },
    stopping: { epochs, patience: null }
  }
}

export const recipes = {
  classic: {
    label: 'Classic',
    help: 'The plain network of the lecture: Adam at a constant rate on standardised inputs, stopped early.',
    plan: defaultPlan,
    hidden: null
  },
  strong: {
    label: 'Strong',
    help:
      'What did best on many tables: AdamW whose weight decay falls with the rows, its rate along half a cosine to 0; far ' +
      'values of inputs are clipped smoothly, and predicted numbers stay within the range of training. It trains all its ' +
      'epochs, without stopping early, and keeps the best one.',
    plan: strongPlan,
    hidden: { classification: '128:gelu x 64:gelu', regression: '128:dropout=0.1 x 64:dropout=0.1' }
  }
} as const satisfies Record<string, Recipe>

export type RecipeName = keyof typeof recipes

export const recipeNames = Object.keys(recipes) as RecipeName[]
