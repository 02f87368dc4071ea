/**
 * The table of the plan's numbers and choices: label, range and one sentence of help of each, by its path in the plan.
 * Form, CLI, checks and the words of a difference between two plans read it; what the numbers do is the trainer's.
 */

/** Bounds of the plan's numbers: `minimum` and `maximum` inclusive unless `open`, which leaves the minimum out. */
export const planRanges = {
  learningRate: { minimum: 0, maximum: 10, open: true },
  momentum: { minimum: 0, maximum: 0.9999, open: false },
  epochs: { minimum: 1, maximum: 1_000_000, open: false },
  patience: { minimum: 1, maximum: 1_000_000, open: false },
  batchSize: { minimum: 1, maximum: 1_000_000, open: false },
  share: { minimum: 0, maximum: 0.999999999, open: false },
  epsilon: { minimum: 0, maximum: 1, open: true },
  amount: { minimum: 0, maximum: 1e6, open: false },
  positive: { minimum: 0, maximum: 1e6, open: true },
  bias: { minimum: -1e6, maximum: 1e6, open: false },
  history: { minimum: 1, maximum: 1000, open: false },
  threads: { minimum: 1, maximum: 64, open: false }
} as const

export interface PlanField {
  readonly label: string
  readonly help: string
  readonly range: keyof typeof planRanges
  readonly whole?: true
  /** What it means that the plan has no such number; absent where a plan always has it, or its table has the default. */
  readonly missing?: number | null
}

export const planFields = {
  'optimizer.learningRate': {
    label: 'Learning rate',
    help: 'How far each step goes along the gradient: too large diverges, too small crawls.',
    range: 'learningRate'
  },
  'optimizer.momentum': { label: 'Momentum', help: 'The share of the last step that is kept.', range: 'momentum' },
  'optimizer.decay': {
    label: 'Decay',
    help: 'How slowly the running mean of the squared gradient forgets: near 1 it looks far back.',
    range: 'share'
  },
  'optimizer.beta1': {
    label: 'Beta 1',
    help: 'How slowly the running mean of the gradient forgets: near 1 it looks far back.',
    range: 'share'
  },
  'optimizer.beta2': {
    label: 'Beta 2',
    help: 'How slowly the running mean of the squared gradient forgets: near 1 it looks far back.',
    range: 'share'
  },
  'optimizer.epsilon': {
    label: 'Epsilon',
    help: 'Keeps the step finite where gradients are nearly zero.',
    range: 'epsilon'
  },
  'optimizer.weightDecay': {
    label: 'Decay of AdamW',
    help: 'Shrinks weights by rate * decay at every step, beside the gradient.',
    range: 'amount'
  },
  'optimizer.momentumDecay': {
    label: 'Momentum decay',
    help: 'How fast the momentum of Nadam grows to beta 1 over the first steps.',
    range: 'amount'
  },
  'optimizer.history': {
    label: 'History',
    help: 'How many steps L-BFGS remembers to estimate the curvature.',
    range: 'history',
    whole: true
  },
  batchSize: {
    label: 'Batch size',
    help: 'Samples a step of the optimizer: 1 is stochastic, all of the training part is full batch.',
    range: 'batchSize',
    whole: true
  },
  'initialisation.limit': {
    label: 'Limit of first weights',
    help: 'First weights are drawn from minus to plus this.',
    range: 'amount'
  },
  'initialisation.deviation': {
    label: 'Deviation of first weights',
    help: 'Standard deviation of the first weights.',
    range: 'amount'
  },
  'initialisation.biases': {
    label: 'First biases',
    help: 'What every bias starts at; a little above 0 keeps ReLU units alive at first.',
    range: 'bias',
    missing: 0
  },
  'stopping.epochs': { label: 'Epochs', help: 'Passes over the training part, at most.', range: 'epochs', whole: true },
  'stopping.patience': {
    label: 'Patience',
    help: 'Stops after so many epochs without a better validation figure; the weights of the best epoch are kept either way.',
    range: 'patience',
    whole: true
  },
  'stopping.minimumImprovement': {
    label: 'Least improvement',
    help: 'By how much the figure must get better to count as better; 0 counts any amount.',
    range: 'amount',
    missing: 0
  },
  'stopping.evaluateEvery': {
    label: 'Measure every',
    help: 'Measures the validation part every so many epochs, and at the last: saves time where it is large.',
    range: 'epochs',
    whole: true,
    missing: 1
  },
  'stopping.targetLoss': {
    label: 'Target loss',
    help: 'Stops once the loss is as low as this; empty never does.',
    range: 'amount',
    missing: null
  },
  'stopping.seconds': {
    label: 'Time limit in s',
    help: 'Stops after so many seconds of training; empty never does. The same seed may then end at another epoch.',
    range: 'positive',
    missing: null
  },
  'schedule.c1': { label: 'c1', help: 'The rate of epoch k is c1 / (k + c2).', range: 'positive' },
  'schedule.c2': { label: 'c2', help: 'The rate of epoch k is c1 / (k + c2).', range: 'amount' },
  'schedule.every': {
    label: 'Epochs a step',
    help: 'The rate is multiplied by the factor after each stretch of so many epochs.',
    range: 'epochs',
    whole: true
  },
  'schedule.factor': { label: 'Factor', help: 'What the rate is multiplied by.', range: 'positive' },
  'schedule.minimum': { label: 'Least rate', help: 'The rate that the cosine ends at.', range: 'amount' },
  'schedule.rise': {
    label: 'Share of the rise',
    help: 'The share of all epochs in which the rate rises.',
    range: 'share'
  },
  'schedule.patience': {
    label: 'Epochs of a plateau',
    help: 'The rate falls after so many epochs without a better loss.',
    range: 'epochs',
    whole: true
  },
  'schedule.warmUp': {
    label: 'Warm-up',
    help: 'Epochs in which the rate rises in equal steps to its first value.',
    range: 'amount',
    whole: true,
    missing: 0
  },
  'regularisation.l1': {
    label: 'L1',
    help: 'Adds l1 * sum |w| to the loss, which drives weights to exactly 0.',
    range: 'amount',
    missing: 0
  },
  'regularisation.l2': {
    label: 'L2',
    help: 'Adds l2 / 2 * sum w^2 to the loss, which keeps weights small.',
    range: 'amount',
    missing: 0
  },
  'regularisation.weightDecay': {
    label: 'Weight decay',
    help: 'Shrinks weights by rate * decay at every step, beside the gradient.',
    range: 'amount',
    missing: 0
  },
  'regularisation.maxNorm': {
    label: 'Max norm',
    help: 'Largest norm of the weights into one unit; longer ones are cut back. 0 is no limit.',
    range: 'amount',
    missing: 0
  },
  'regularisation.clipNorm': {
    label: 'Clip norm',
    help: 'Largest norm of the gradient of all parameters together; 0 is no limit. Tames steps that would blow up.',
    range: 'amount',
    missing: 0
  },
  'regularisation.clipValue': {
    label: 'Clip value',
    help: 'Largest size of a single number of the gradient; 0 is no limit.',
    range: 'amount',
    missing: 0
  },
  'regularisation.inputNoise': {
    label: 'Input noise',
    help: 'Standard deviation of the normal noise added to the inputs in training.',
    range: 'amount',
    missing: 0
  },
  labelSmoothing: {
    label: 'Label smoothing',
    help: 'Share of the wanted probability that is spread over all classes, against overconfidence.',
    range: 'share',
    missing: 0
  },
  huberDelta: {
    label: 'Huber delta',
    help: 'Errors up to this count by their square, larger ones by their size.',
    range: 'positive',
    missing: 1
  },
  threads: {
    label: 'Threads',
    help: 'Threads that share each batch: pays for large networks; small ones are faster with 1, side by side.',
    range: 'threads',
    whole: true,
    missing: 1
  }
} as const satisfies Record<string, PlanField>

export type PlanPath = keyof typeof planFields

export const planPaths = Object.keys(planFields) as PlanPath[]

/** The figures of the validation part that may decide which epoch is best. */
export const stoppingMetrics = {
  loss: { label: 'Loss', tasks: ['classification', 'regression'] },
  accuracy: { label: 'Accuracy', tasks: ['classification'] },
  rmse: { label: 'RMSE', tasks: ['regression'] },
  mae: { label: 'MAE', tasks: ['regression'] },
  r2: { label: 'R\u00b2', tasks: ['regression'] }
} as const

export const rowOrders = {
  shuffled: { label: 'Shuffled', help: 'A new order of the rows in every epoch, drawn from the seed.' },
  sequential: { label: 'As in the table', help: 'The same order in every epoch: what batches see then repeats itself.' }
} as const

export const lineSearches = {
  fixed: { label: 'Fixed', help: 'Goes the learning rate along the direction.' },
  wolfe: { label: 'Strong Wolfe', help: 'Searches a length of step that is sure to help.' }
} as const

export type StoppingMetric = keyof typeof stoppingMetrics
export type RowOrder = keyof typeof rowOrders
export type LineSearch = keyof typeof lineSearches

export const stoppingMetricNames = Object.keys(stoppingMetrics) as StoppingMetric[]
export const rowOrderNames = Object.keys(rowOrders) as RowOrder[]
export const lineSearchNames = Object.keys(lineSearches) as LineSearch[]
