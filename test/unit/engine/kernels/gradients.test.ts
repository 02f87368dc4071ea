/** The kernels against the references in float64: one step of plain gradient descent shows the gradient. */
import { describe, expect, it } from 'vitest'
import { evaluateLoss, oneHot, type ReferenceLoss } from '#engine/kernels/reference/losses.ts'
import { referenceGradients } from '#engine/kernels/reference/network.ts'
import { flatten } from '#engine/kernels/reference/parameters.ts'
import { type ActivationName, activations, hiddenActivationNames } from '#engine/network/activations.ts'
import { type LossName, lossNames, losses } from '#engine/network/losses.ts'
import { Random } from '#engine/random.ts'
import type { Layer, Topology } from '#engine/network/topology.ts'
import { parameterSpans } from '#engine/network/parameters.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { createTrainer } from '#engine/training/trainer.ts'
import { centralDifferences } from '#test/unit/engine/reference/support.ts'
import { Bench, generate, referenceParameters, setupOf } from '#test/unit/engine/support.ts'

const rate = 0.5

interface LossShape {
  readonly labelSmoothing?: number
  readonly delta?: number
  readonly rowWeights?: readonly number[]
  readonly classWeights?: readonly number[]
}

interface Case {
  readonly hidden?: readonly Layer[]
  readonly output: ActivationName
  readonly units: number
  readonly loss: LossName
  readonly rows: number
  readonly plan?: Partial<TrainingPlan>
  readonly shape?: LossShape
  /** What penalties add to the loss, from the parameters. */
  readonly penalty?: (parameters: ArrayLike<number>, topology: Topology) => number
}

/** Takes one step over the whole table in one batch, and returns gradient and loss of kernels and reference. */
function compare({ hidden = [], output, units, loss, rows, plan, shape, penalty = () => 0 }: Case) {
  const isClass = losses[loss].tasks.every((task) => task !== 'regression') || output === 'sigmoid'
  const classes = Math.max(2, units)
  let next = 0
  const train = generate(rows, 5, rows, ([x = 0]) => (isClass ? next++ % classes : x * x))
  const setup = setupOf({
    train,
    task: isClass ? 'classification' : 'regression',
    classes: isClass ? classes : 1,
    hidden,
    output: { units, activation: output },
    plan: {
      loss,
      batchSize: 'full',
      optimizer: { name: 'sgd', learningRate: rate },
      stopping: { epochs: 10, patience: null },
      ...plan
    }
  })
  const first = createTrainer(setup).checkpoint()
  // Biases too are random: at 0, a unit behind dead ones would sit on the kink of its ReLU. And weights are larger than
  // usual, so that saturating activations saturate a little.
  const random = new Random(rows)
  const parameters = first.parameters.map(() => random.normal() * 0.6)
  const trainer = createTrainer({ ...setup, checkpoint: { ...first, parameters } })
  let advance = trainer.advance(0)
  while (advance.epochs === 0) advance = trainer.advance(0)
  const after = trainer.checkpoint().parameters
  const gradient = parameters.map((value, index) => (value - (after[index] ?? 0)) / rate)
  const { topology } = setup
  const t = isClass && units > 1 ? oneHot(train.targets, units) : train.targets.map((target) => [target])
  const given = { name: loss, delta: 1, ...shape } as ReferenceLoss
  const reference = referenceGradients(topology, given, referenceParameters(topology, parameters), train.rows, t)
  const ofLoss = flatten(reference.layers)
  const ofPenalty = centralDifferences((p) => penalty(p, topology), [...parameters])
  const wanted = parameterSpans(topology).flatMap(({ weights, biases, units: count, gain, running }) => {
    const end = gain === null ? biases + count : gain + 2 * count
    const learned = ofLoss.splice(0, end - weights).map((value, index) => value + (ofPenalty[weights + index] ?? NaN))
    // Running means and variances of batch normalisation move by another rule; normalisation.test.ts has it.
    return running === null ? learned : [...learned, ...gradient.slice(running, running + 2 * count)]
  })
  return { loss: advance.values[3], wantedLoss: reference.loss, gradient, wanted }
}

function expectClose(actual: ArrayLike<number>, wanted: readonly number[]) {
  const scale = Math.max(...wanted.map(Math.abs))
  wanted.forEach((value, index) => {
    const off = Math.abs((actual[index] ?? NaN) - value)
    expect(off, `parameter ${index}: ${actual[index]} for ${value}`).toBeLessThan(1e-5 + 2e-5 * scale)
  })
}

function check(given: Case, digits = 5) {
  const result = compare(given)
  expect(result.loss).toBeCloseTo(result.wantedLoss, digits)
  expectClose(result.gradient, result.wanted)
}

const outputs = lossNames.flatMap((loss) => losses[loss].outputs.map((output) => [loss, output] as const))
const learning = hiddenActivationNames.filter((name) => !('learns' in activations[name]))

describe.each(outputs)('%s behind %s', (loss, output) => {
  const units = loss === 'cross_entropy' || (loss === 'mean_squared_error' && output === 'sigmoid') ? 5 : 1
  describe.each(learning)('after %s', (activation) => {
    it.each([1, 3, 5, 17])('%i units', (width) => {
      const hidden = [width, width + 1].map((count) => ({ units: count, activation }))
      check({ hidden, output, units, loss, rows: 13 })
    })
    it.each(['batch', 'layer'] as const)('with %s normalisation', (normalisation) => {
      const hidden = [5, 6].map((count) => ({ units: count, activation, normalisation }))
      check({ hidden, output, units, loss, rows: 13 })
    })
  })
})

it.each([2, 3, 4, 5, 8, 9, 17])('softmax over %i classes', (units) => {
  check({ hidden: [{ units: 6, activation: 'tanh' }], output: 'softmax', units, loss: 'cross_entropy', rows: 19 })
})

it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 300])('a batch of %i rows', (rows) => {
  const hidden: Layer[] = [{ units: 7, activation: 'sigmoid' }]
  check({ hidden, output: 'linear', units: 1, loss: 'mean_squared_error', rows }, 4)
})

it('no hidden layer', () => {
  check({ output: 'softmax', units: 3, loss: 'cross_entropy', rows: 10 })
})

describe('options', () => {
  const hidden: Layer[] = [{ units: 5, activation: 'tanh' }]
  const softmax = { hidden, output: 'softmax', units: 3, loss: 'cross_entropy', rows: 12 } as const

  it('label smoothing spreads the wanted probability', () => {
    check({ ...softmax, plan: { labelSmoothing: 0.2 }, shape: { labelSmoothing: 0.2 } })
  })

  it('class weights count rows, with mean 1', () => {
    const weights = [1, 2, 3]
    const rowWeights = Array.from({ length: 12 }, (_, row) => (weights[row % 3] ?? 0) / 2)
    check({ ...softmax, plan: { classWeights: weights }, shape: { rowWeights } })
    const binary = { ...softmax, output: 'sigmoid', units: 1, loss: 'binary_cross_entropy', rows: 13 } as const
    // 7 rows of class 0 and 6 of class 1
    const balanced = Array.from({ length: 13 }, (_, row) => 13 / (2 * (row % 2 === 0 ? 7 : 6)))
    check({ ...binary, plan: { classWeights: 'balanced' }, shape: { rowWeights: balanced } })
  })

  it('class weights with label smoothing count every class by its own weight, as PyTorch', () => {
    const weights = [1, 2, 3]
    const classWeights = weights.map((weight) => weight / 2)
    check({
      ...softmax,
      plan: { classWeights: weights, labelSmoothing: 0.3 },
      shape: { classWeights, labelSmoothing: 0.3 }
    })
    const z = [[0.4, -1, 2]]
    const p = [0.4, -1, 2].map((value) => Math.exp(value) / (Math.exp(0.4) + Math.exp(-1) + Math.exp(2)))
    const terms = p.map((share, unit) => (classWeights[unit] ?? 0) * ((unit === 1 ? 0.7 : 0) + 0.1) * -Math.log(share))
    const reference = evaluateLoss({ name: 'cross_entropy', labelSmoothing: 0.3, classWeights }, z, [[0, 1, 0]])
    expect(reference.loss).toBeCloseTo(
      terms.reduce((sum, term) => sum + term, 0),
      12
    )
  })

  it.each([0.1, 0.5, 2])("Huber's loss turns straight at %d", (delta) => {
    check({
      hidden,
      output: 'linear',
      units: 1,
      loss: 'huber',
      rows: 12,
      plan: { huberDelta: delta },
      shape: { delta }
    })
  })

  it('the slope of leaky ReLU is what the layer says', () => {
    // ELU's table entry has no slope; a slope of 0 makes a leaky ReLU the ReLU that the reference knows.
    const [leaky, plain] = (['leaky_relu', 'relu'] as const).map((activation) =>
      compare({ ...softmax, hidden: [{ units: 5, activation, slope: 0 }] })
    )
    expectClose(leaky?.gradient ?? [], plain?.wanted ?? [])
  })

  it('L1 and L2 penalties add their gradients to weights, and none to biases', () => {
    const penalty = (parameters: ArrayLike<number>, topology: Topology) => {
      let sum = 0
      for (const { weights, biases } of parameterSpans(topology)) {
        for (let i = weights; i < biases; i++) {
          const w = parameters[i] ?? 0
          sum += 0.03 * Math.abs(w) + (0.2 / 2) * w ** 2
        }
      }
      return sum
    }
    check({ ...softmax, plan: { regularisation: { l1: 0.03, l2: 0.2 } }, penalty })
  })

  it('clipping by value cuts every number of the gradient off', () => {
    const { gradient, wanted } = compare({ ...softmax, plan: { regularisation: { clipValue: 0.01 } } })
    expectClose(
      gradient,
      wanted.map((value) => Math.min(0.01, Math.max(-0.01, value)))
    )
  })

  it('clipping by norm shortens the whole gradient and keeps its direction', () => {
    const { gradient, wanted } = compare({ ...softmax, plan: { regularisation: { clipNorm: 0.05 } } })
    const norm = Math.hypot(...wanted)
    expect(norm).toBeGreaterThan(0.05)
    expectClose(
      gradient,
      wanted.map((value) => (value * 0.05) / norm)
    )
    const longer = compare({ ...softmax, plan: { regularisation: { clipNorm: 100 } } })
    expectClose(longer.gradient, longer.wanted)
  })
})

describe('losses of large sums stay finite and right', () => {
  it.each([
    ['binary_cross_entropy', 'sigmoid', 1],
    ['cross_entropy', 'softmax', 3]
  ] as const)('%s', (loss, activation, units) => {
    const bench = new Bench()
    const train = { inputs: 1, rows: [[1], [1], [1]], targets: [0, 1, 0] }
    const setup = setupOf(
      {
        train,
        classes: Math.max(2, units),
        output: { units, activation },
        plan: { loss, batchSize: 'full', initialisation: { name: 'zeros' }, stopping: { epochs: 2, patience: null } }
      },
      bench
    )
    const first = createTrainer(setup).checkpoint()
    // sums of 1000 for the first output: the loss of a row of the other class is 1000
    const parameters = first.parameters.map((_, index) => (index === 0 ? 1000 : 0))
    const trainer = createTrainer({ ...setup, checkpoint: { ...first, parameters } })
    const { values } = trainer.advance(0)
    const wrong = units === 1 ? 2 : 1
    expect(values[3]).toBeCloseTo((wrong * 1000) / 3, 2)
  })
})
