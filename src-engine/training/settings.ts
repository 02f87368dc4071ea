/**
 * The table of a training plan: every number and choice by its path, one row each. The plan's type, its checks, the
 * contract's schema, forms, options of the terminal, columns, names, exports and sweeps all go by these rows, so a new
 * setting is a row and its use. Rows stand in the order in which they are shown.
 * A row under `optimizer.`, `schedule.` or `initialisation.` belongs to those whose defaults have it (plan-values.ts).
 */
import { initialisations } from '#engine/network/initialisations.ts'
import { type LossName, losses, type Task } from '#engine/network/losses.ts'
import { ranges, type Setting } from '#engine/setting.ts'
import { optimizers } from '#engine/training/optimizers.ts'
import { schedules } from '#engine/training/schedules.ts'

export type PlanSetting = Setting & {
  /** In sight at once; all others wait in their group. */
  readonly first?: true
  /** The losses that it does anything for; all where it is absent. */
  readonly losses?: readonly LossName[]
  /** The task that it belongs to; both where it is absent. */
  readonly task?: Task
}

/** Settings that a form shows together. */
type Rows = Readonly<Record<string, PlanSetting>>

/** The figures of the validation part that may decide which epoch is best. */
export const stoppingMetrics = {
  loss: { label: 'Loss', tasks: ['classification', 'regression'] },
  accuracy: { label: 'Accuracy', tasks: ['classification'] },
  rmse: { label: 'RMSE', tasks: ['regression'] },
  mae: { label: 'MAE', tasks: ['regression'] },
  r2: { label: 'R\u00b2', tasks: ['regression'] }
} as const

const rowOrders = {
  shuffled: { label: 'Shuffled', help: 'A new order of the rows in every epoch, drawn from the seed.' },
  sequential: { label: 'As in the table', help: 'The same order in every epoch: what batches see then repeats itself.' }
} as const

const lineSearches = {
  fixed: { label: 'Fixed', help: 'Goes the learning rate along the direction.' },
  wolfe: { label: 'Strong Wolfe', help: 'Searches a length of step that is sure to help.' }
} as const

const optimizer = {
  'optimizer.name': {
    label: 'Optimizer',
    help: 'How the weights are moved by the gradient.',
    names: optimizers,
    first: true
  },
  'optimizer.learningRate': {
    label: 'Learning rate',
    help: 'How far each step goes along the gradient: too large diverges, too small crawls.',
    range: { minimum: 0, maximum: 10, open: true },
    first: true
  },
  'optimizer.momentum': {
    label: 'Momentum',
    help: 'The share of the last step that is kept.',
    range: { minimum: 0, maximum: 0.9999 }
  },
  'optimizer.decay': {
    label: 'Decay',
    help: 'How slowly the running mean of the squared gradient forgets: near 1 it looks far back.',
    range: ranges.share
  },
  'optimizer.beta1': {
    label: 'Beta1',
    help: 'How slowly the running mean of the gradient forgets: near 1 it looks far back.',
    range: ranges.share
  },
  'optimizer.beta2': {
    label: 'Beta2',
    help: 'How slowly the running mean of the squared gradient forgets: near 1 it looks far back.',
    range: ranges.share
  },
  'optimizer.epsilon': {
    label: 'Epsilon',
    help: 'Keeps the step finite where gradients are nearly zero.',
    range: { minimum: 0, maximum: 1, open: true }
  },
  'optimizer.weightDecay': {
    label: 'Decay of AdamW',
    help: 'Shrinks weights by rate * decay at every step, beside the gradient.',
    range: ranges.amount
  },
  'optimizer.momentumDecay': {
    label: 'Momentum decay',
    help: 'How fast the momentum of Nadam grows to beta1 over the first steps.',
    range: ranges.amount
  },
  'optimizer.history': {
    label: 'History',
    help: 'How many steps L-BFGS remembers to estimate the curvature.',
    range: { minimum: 1, maximum: 1000 },
    whole: true
  },
  'optimizer.lineSearch': {
    label: 'Line search',
    help: 'How far a step of L-BFGS goes along its direction.',
    names: lineSearches
  }
} as const satisfies Rows

const batches = {
  batchSize: {
    label: 'Batch size',
    help: 'Samples a step of the optimizer: 1 is stochastic, full is all of the training part.',
    range: ranges.count,
    whole: true,
    word: 'full',
    toggle: 'Full batch',
    first: true
  },
  order: {
    label: 'Order of rows',
    help: 'In which order the rows of the training part come to the batches.',
    names: rowOrders,
    missing: 'shuffled'
  },
  threads: {
    label: 'Threads',
    help: 'Threads that share each batch: pays for large networks; small ones are faster with 1, side by side.',
    range: { minimum: 1, maximum: 64 },
    whole: true,
    missing: 1
  }
} as const satisfies Rows

const stopping = {
  'stopping.epochs': {
    label: 'Max epochs',
    help: 'Passes over the training part, at most.',
    range: ranges.count,
    whole: true,
    first: true
  },
  'stopping.patience': {
    label: 'Patience',
    help: 'Stops after so many epochs without a better validation figure; the weights of the best epoch are kept either way.',
    range: ranges.count,
    whole: true,
    none: true,
    toggle: 'Stop early',
    first: true
  },
  'stopping.metric': {
    label: 'Best by',
    help: 'The figure of the validation part that decides which epoch is best, and so when patience runs out.',
    names: stoppingMetrics,
    missing: 'loss'
  },
  'stopping.minimumImprovement': {
    label: 'Least improvement',
    help: 'By how much the figure must get better to count as better; 0 counts any amount.',
    range: ranges.amount,
    missing: 0
  },
  'stopping.evaluateEvery': {
    label: 'Measure every',
    help: 'Measures the validation part every so many epochs, and at the last: saves time where it is large.',
    range: ranges.count,
    whole: true,
    missing: 1
  },
  'stopping.targetLoss': {
    label: 'Target loss',
    help: 'Stops once the loss is as low as this; none never does.',
    range: ranges.amount,
    none: true,
    missing: null
  },
  'stopping.seconds': {
    label: 'Time limit',
    help: 'Stops after so many seconds of training; none never does. The same seed may then end at another epoch.',
    range: ranges.positive,
    unit: 's',
    none: true,
    missing: null
  }
} as const satisfies Rows

const schedule = {
  'schedule.name': {
    label: 'Schedule',
    help: 'How the learning rate moves from epoch to epoch.',
    names: schedules,
    missing: 'constant'
  },
  'schedule.c1': {
    label: 'Schedule c1',
    help: 'The rate of epoch k is c1 / (k + c2).',
    range: ranges.positive
  },
  'schedule.c2': {
    label: 'Schedule c2',
    help: 'The rate of epoch k is c1 / (k + c2).',
    range: ranges.amount
  },
  'schedule.every': {
    label: 'Epochs a step',
    help: 'The rate is multiplied by the factor after each stretch of so many epochs.',
    range: ranges.count,
    whole: true
  },
  'schedule.factor': {
    label: 'Rate factor',
    help: 'What the rate is multiplied by.',
    range: ranges.positive
  },
  'schedule.minimum': {
    label: 'Least rate',
    help: 'The rate that the cosine ends at.',
    range: ranges.amount
  },
  'schedule.rise': {
    label: 'Share of the rise',
    help: 'The share of all epochs in which the rate rises.',
    range: ranges.share
  },
  'schedule.patience': {
    label: 'Epochs of a plateau',
    help: 'The rate falls after so many epochs without a better loss.',
    range: ranges.count,
    whole: true
  },
  'schedule.warmUp': {
    label: 'Warm-up',
    help: 'Epochs in which the rate rises in equal steps to its first value.',
    range: ranges.amount,
    whole: true,
    missing: 0
  }
} as const satisfies Rows

const regularisation = {
  'regularisation.l1': {
    label: 'L1',
    help: 'Adds l1 * sum |w| to the loss, which drives weights to exactly 0.',
    range: ranges.amount,
    missing: 0
  },
  'regularisation.l2': {
    label: 'L2',
    help: 'Adds l2 / 2 * sum w^2 to the loss, which keeps weights small.',
    range: ranges.amount,
    missing: 0
  },
  'regularisation.weightDecay': {
    label: 'Weight decay',
    help: 'Shrinks weights by rate * decay at every step, beside the gradient.',
    range: ranges.amount,
    missing: 0
  },
  'regularisation.maxNorm': {
    label: 'Max norm',
    help: 'Largest norm of the weights into one unit; longer ones are cut back. 0 is no limit.',
    range: ranges.amount,
    missing: 0
  },
  'regularisation.clipNorm': {
    label: 'Clip norm',
    help: 'Largest norm of the gradient of all parameters together; 0 is no limit. Tames steps that would blow up.',
    range: ranges.amount,
    missing: 0
  },
  'regularisation.clipValue': {
    label: 'Clip value',
    help: 'Largest size of a single number of the gradient; 0 is no limit.',
    range: ranges.amount,
    missing: 0
  },
  'regularisation.inputNoise': {
    label: 'Input noise',
    help: 'Standard deviation of the normal noise added to the inputs in training.',
    range: ranges.amount,
    missing: 0
  }
} as const satisfies Rows

const weights = {
  'initialisation.name': {
    label: 'First weights',
    help: 'How they are drawn.',
    names: initialisations
  },
  'initialisation.limit': {
    label: 'Limit of first weights',
    help: 'First weights are drawn from minus to plus this.',
    range: ranges.amount
  },
  'initialisation.deviation': {
    label: 'Deviation of first weights',
    help: 'Standard deviation of the first weights.',
    range: ranges.amount
  },
  'initialisation.biases': {
    label: 'First biases',
    help: 'What every bias starts at; a little above 0 keeps ReLU units alive at first.',
    range: { minimum: -1e6, maximum: 1e6 },
    missing: 0
  }
} as const satisfies Rows

const loss = {
  loss: {
    label: 'Loss',
    help: 'What training makes small, before penalties.',
    names: losses
  },
  huberDelta: {
    label: 'Delta of Huber',
    help: 'Errors up to this count by their square, larger ones by their size.',
    range: ranges.positive,
    missing: 1,
    losses: ['huber']
  },
  labelSmoothing: {
    label: 'Label smoothing',
    help: 'Share of the wanted probability that is spread over all classes, against overconfidence.',
    range: ranges.share,
    missing: 0,
    losses: ['cross_entropy']
  },
  classWeights: {
    label: 'Class weights',
    help: 'What a row of each class counts in training; balanced lets each class count as much as another.',
    word: 'balanced',
    missing: null,
    toggle: 'Balance classes',
    task: 'classification'
  }
} as const satisfies Rows

/** The groups in the order in which they are shown. */
export const settingGroups = {
  optimizer: { title: 'Optimizer', rows: optimizer },
  batches: { title: 'Batches', rows: batches },
  stopping: { title: 'Stopping', rows: stopping },
  schedule: { title: 'Schedule', rows: schedule },
  regularisation: { title: 'Regularisation', rows: regularisation },
  weights: { title: 'First weights', rows: weights },
  loss: { title: 'Loss', rows: loss }
} as const

export type GroupName = keyof typeof settingGroups

export const groupNames = Object.keys(settingGroups) as GroupName[]

/** All rows by their path. */
export const settings = { ...optimizer, ...batches, ...stopping, ...schedule, ...regularisation, ...weights, ...loss }

type Settings = typeof settings

export type SettingPath = keyof Settings

export const settingPaths = Object.keys(settings) as SettingPath[]

export const groupOf = (path: SettingPath): GroupName =>
  groupNames.find((name) => path in settingGroups[name].rows) ?? 'optimizer'

/** The paths of a group, in their order. */
export const pathsOf = (group: GroupName): SettingPath[] =>
  settingPaths.filter((path) => path in settingGroups[group].rows)

/** The row of a path, as the general form of all rows. */
export const settingAt = (path: SettingPath): PlanSetting => settings[path]

/** The path that a text names, if it names one. */
export const findPath = (text: string): SettingPath | undefined => settingPaths.find((path) => path === text)
