/**
 * One run of training as a pure stepper: it owns an arena of the shared memory, never a clock, a thread or a file.
 * Pausing is not calling advance(); where a call ends never changes a number.
 */
import { noSums, type Sums } from '#engine/kernels/program.ts'
import { initialParameters } from '#engine/network/initial-parameters.ts'
import { squaredWeights } from '#engine/network/parameters.ts'
import type { Random } from '#engine/random.ts'
import { Best } from '#engine/training/best.ts'
import { type Checkpoint, checkpointVersion, expectMadeWith } from '#engine/training/checkpoint.ts'
import { diagnose } from '#engine/training/divergence.ts'
import type { EpochColumns } from '#engine/training/epoch-columns.ts'
import { measureRows, type PartView, type TargetScale, targetsOf } from '#engine/training/evaluation.ts'
import { FinalMeasuring } from '#engine/training/final-measuring.ts'
import { cost, metricsOf, metricValues, spreadOf } from '#engine/training/part-metrics.ts'
import { Lbfgs } from '#engine/training/lbfgs.ts'
import { layerMetrics } from '#engine/training/layer-metrics.ts'
import { metricColumns, type PartMetrics, type RunDetails } from '#engine/training/metrics.ts'
import type { NetworkArena } from '#engine/training/network-arena.ts'
import { beginEpoch, openTraining, type TrainingSetup } from '#engine/training/open-training.ts'
import type { Divergence, RunOutcome, StopReason } from '#engine/training/outcome.ts'
import { Pace } from '#engine/training/pace.ts'
import { optimizers } from '#engine/training/plan.ts'
import { Records } from '#engine/training/records.ts'
import type { Snapshot } from '#engine/training/snapshots.ts'
import {
  afterEpoch,
  type PlateauState,
  plateauStart,
  rateAt,
  type Schedule,
  schedules
} from '#engine/training/schedules.ts'

export interface TrainerSetup extends TrainingSetup {
  readonly validation: PartView | null
  readonly targetScale: TargetScale
  readonly checkpoint: Checkpoint | null
  /** Weights to begin with; drawn as the plan says where they are left out. */
  readonly initial?: Float32Array | undefined
  /** Epochs whose weights advance() hands out; 0 is the start. */
  readonly snapshotEpochs?: readonly number[] | undefined
  /** The epoch after which advance() trains no further; the plan's own end comes first where it is earlier. */
  readonly haltEpoch?: number | undefined
  /** Milliseconds, monotonic. */
  readonly now: () => number
}

/** The epochs that one call of advance() completed. */
export interface Advance extends EpochColumns {
  /** The weights of those epochs that are to be kept. */
  readonly snapshots: readonly Snapshot[]
  /** Whether the run has come to its end, by plan or by divergence. */
  readonly finished: boolean
  /** Whether it has come to its haltEpoch instead, from where its checkpoint goes on. */
  readonly halted: boolean
}

export interface Trainer {
  /** Trains for about `budgetMs` of work, at least one call of the kernel, and returns what was completed. */
  advance(budgetMs: number): Advance
  /** The state after the last completed step. */
  checkpoint(): Checkpoint
  /** The weights as they are now, and the last epoch completed. */
  snapshot(): Snapshot
  /** Measures both parts with the kept weights; `asked` is for a run that a person stopped. */
  finish(reason?: 'asked'): RunOutcome
  /** Does about `budgetMs` of the work of finish(), at least one piece; null until it is done. */
  finishWithin(budgetMs: number, reason?: 'asked'): RunOutcome | null
}

/**
 * Starts or continues a run. With plan.threads above 1 its helpers must be running, each in a thread of its own.
 * Errors: throws RangeError with a sentence where setup, plan, topology and checkpoint do not fit together.
 */
export function createTrainer(setup: TrainerSetup): Trainer {
  return new Run(setup)
}

/** A part with what its metrics need. */
interface MeasuredPart {
  readonly view: PartView
  readonly spread: number
}

class Run implements Trainer {
  readonly #setup: TrainerSetup
  readonly #network: NetworkArena
  readonly #batch: number
  readonly #chunk: number
  readonly #random: Random
  readonly #records: Records
  readonly #train: MeasuredPart
  readonly #validation: MeasuredPart | null
  readonly #pace = new Pace()
  readonly #lbfgs: Lbfgs | null
  #best: Best
  #plateau: PlateauState = plateauStart
  #epoch = 0
  #elapsedMs = 0
  /** Time of the epoch that is under way, without measuring. */
  #epochMs = 0
  /** The generator before it drew the order of this epoch. */
  #randomBefore: Uint32Array
  /** Next row of the validation part to measure; null while the epoch still trains. */
  #validationRow: number | null = null
  #rate = 0
  #ended: Exclude<StopReason, 'asked' | 'failed'> | null = null
  #divergence: Divergence | null = null
  #finalMeasuring: FinalMeasuring | null = null
  /** Kept since advance() was last called. */
  #snapshots: Snapshot[] = []

  constructor(setup: TrainerSetup) {
    const { kernels, topology, plan, task } = setup
    const { network, batch, chunk, random } = openTraining(setup)
    this.#setup = setup
    this.#lbfgs = plan.optimizer.name === 'lbfgs' ? new Lbfgs(plan.optimizer) : null
    this.#batch = batch
    this.#chunk = chunk
    this.#network = network
    this.#random = random
    this.#best = new Best(plan.stopping.minimumImprovement ?? 0)
    this.#records = new Records(metricColumns(task, topology).length)
    const measured = (view: PartView) => ({ view, spread: spreadOf(targetsOf(kernels, view)) })
    this.#train = measured(setup.train)
    this.#validation = setup.validation && setup.validation.rows > 0 ? measured(setup.validation) : null
    if (setup.checkpoint) this.#restore(setup.checkpoint)
    else {
      const drawn = () => initialParameters(topology, plan.initialisation, this.#random)
      this.#network.write('weights', setup.initial ?? drawn())
      this.#keepSnapshot()
    }
    this.#network.program.refreshTranspose()
    this.#randomBefore = this.#random.state
    this.#beginEpoch()
    if (setup.checkpoint?.unfinished) {
      this.#network.program.cursor = setup.checkpoint.unfinished.rows
      this.#network.program.epochSums = setup.checkpoint.unfinished.sums
      this.#network.program.gradientSquares = setup.checkpoint.unfinished.gradientSquares ?? []
    }
    if (setup.checkpoint && !setup.checkpoint.unfinished) this.#ended = this.#endReason(null)
  }

  advance(budgetMs: number): Advance {
    const firstEpoch = this.#epoch + 1
    const { now } = this.#setup
    const start = now()
    const before = this.#elapsedMs
    let at = start
    while (!this.#ended && !this.#isHalted) {
      const pieces = this.#pace.next(start + budgetMs - at)
      const isTraining = this.#validationRow === null
      const done = isTraining ? this.#trainSome(pieces) : this.#measureSome(pieces)
      const then = now()
      this.#pace.learn(done, then - at)
      if (isTraining) this.#epochMs += then - at
      at = then
      this.#elapsedMs = before + at - start
      if (this.#validationRow !== null && this.#validationRow >= (this.#validation?.view.rows ?? 0)) this.#endEpoch()
      if (at - start >= budgetMs) break
    }
    const snapshots = this.#snapshots
    this.#snapshots = []
    const finished = this.#ended !== null
    return { firstEpoch, ...this.#records.take(), snapshots, finished, halted: !finished && this.#isHalted }
  }

  checkpoint(): Checkpoint {
    const { program } = this.#network
    const { states } = optimizers[this.#setup.plan.optimizer.name]
    const parameters = this.#network.read('weights')
    const isPlateau = this.#schedule.name === 'plateau'
    const own = this.#lbfgs?.state ?? new Float32Array(states * parameters.length)
    const optimizerState = new Float32Array(own.length + (isPlateau ? 3 : 0))
    optimizerState.set(own)
    if (states > 0) optimizerState.set(this.#network.read('state1'))
    if (states > 1) optimizerState.set(this.#network.read('state2'), parameters.length)
    if (isPlateau) {
      const { factor, best, waited } = this.#plateau
      optimizerState.set([factor, best, waited], own.length)
    }
    return {
      version: checkpointVersion,
      epoch: this.#epoch,
      step: program.step,
      elapsedSeconds: this.#elapsedMs / 1000,
      parameters,
      optimizerState,
      random: this.#randomBefore,
      unfinished: this.#unfinished,
      best: { epoch: this.#best.epoch, value: this.#best.value, parameters: this.#network.read('best') }
    }
  }

  get #unfinished(): Checkpoint['unfinished'] {
    const { cursor, epochSums, gradientSquares } = this.#network.program
    if (cursor === 0) return null
    // The last step of an epoch tells the gradients; there is none left after a resume from behind it.
    const hasStepped = cursor >= this.#train.view.rows
    return { rows: cursor, sums: epochSums, ...(hasStepped && { gradientSquares }) }
  }

  snapshot(): Snapshot {
    return { epoch: this.#epoch, parameters: this.#network.read('weights') }
  }

  finish(reason?: 'asked'): RunOutcome {
    let outcome = this.finishWithin(Infinity, reason)
    while (!outcome) outcome = this.finishWithin(Infinity, reason)
    return outcome
  }

  finishWithin(budgetMs: number, reason?: 'asked'): RunOutcome | null {
    const { now } = this.#setup
    const end = now() + budgetMs
    const hasBest = this.#best.epoch > 0
    if (hasBest) {
      const views = { train: this.#train.view, validation: this.#validation?.view ?? null }
      this.#finalMeasuring ??= new FinalMeasuring(this.#network, this.#setup, views)
      while (this.#finalMeasuring.next()) if (now() >= end) return null
    }
    const [train, validation] = this.#finalMeasuring?.measured ?? []
    const details: RunDetails | null = train
      ? { epoch: this.#best.epoch, train: train.details, validation: validation?.details ?? null }
      : null
    const ended: StopReason = this.#ended ?? 'asked'
    const checkpoint = hasBest || ended !== 'diverged' ? this.checkpoint() : null
    const isAsked = ended !== 'diverged' && (reason === 'asked' || this.#ended === null)
    return {
      status: ended === 'diverged' ? 'diverged' : isAsked ? 'stopped' : 'done',
      reason: isAsked ? 'asked' : ended,
      epochs: this.#epoch,
      bestEpoch: this.#best.epoch,
      seconds: this.#elapsedMs / 1000,
      train: train ? this.#metrics(this.#train, train.sums) : null,
      validation: validation && this.#validation ? this.#metrics(this.#validation, validation.sums) : null,
      details,
      rows: validation?.rows ?? null,
      checkpoint,
      divergence: this.#divergence,
      message: null
    }
  }

  /** Trains up to `pieces` pieces of this epoch; returns how many. */
  #trainSome(pieces: number): number {
    const { program } = this.#network
    const before = program.cursor
    program.train(Math.min(pieces, this.#piecesLeft()))
    if (program.isNotFinite) this.#diverge()
    else if (program.cursor >= this.#train.view.rows) {
      // After a resume the step may have been done already.
      if (this.#lbfgs && program.cursor > before) this.#stepLbfgs(this.#lbfgs)
      this.#beginMeasuring()
    }
    return Math.min(pieces, Math.max(1, Math.round((program.cursor - before) / this.#chunk)))
  }

  /** Moves the weights by the gradients of the whole part, which the kernels have left with L2's share in them. */
  #stepLbfgs(lbfgs: Lbfgs): void {
    const { topology, plan } = this.#setup
    const { program } = this.#network
    const weights = this.#network.read('weights')
    const penalty = ((plan.regularisation?.l2 ?? 0) / 2) * squaredWeights(topology, weights)
    const loss = program.epochSums.loss / this.#train.view.rows + penalty
    this.#network.write('weights', lbfgs.next(weights, loss, this.#network.read('gradient'), this.#rate))
    program.refreshTranspose()
  }

  /** Pieces to the end of the epoch: helpers must be asked for no more, as the epoch after them is not theirs to begin. */
  #piecesLeft(): number {
    const { rows } = this.#train.view
    const perBatch = Math.ceil(this.#batch / this.#chunk)
    const whole = Math.floor((rows - this.#network.program.cursor) / this.#batch)
    const rest = (rows - this.#network.program.cursor) % this.#batch
    return whole * perBatch + Math.ceil(rest / this.#chunk) - this.#network.program.piecesOfBatch(this.#chunk)
  }

  /** Measures up to `pieces` stretches of the validation part; returns how many. */
  #measureSome(pieces: number): number {
    const part = this.#validation?.view
    let done = 0
    for (; part && done < pieces && this.#validationRow !== null && this.#validationRow < part.rows; done++) {
      this.#validationRow = measureRows(this.#network, part, this.#setup.topology.inputs, this.#validationRow)
    }
    return done
  }

  get #schedule(): Schedule {
    return this.#setup.plan.schedule ?? schedules.constant.defaults
  }

  #beginMeasuring(): void {
    this.#network.program.measuredSums = noSums
    this.#validationRow = this.#isMeasuringEpoch(this.#epoch + 1) ? 0 : (this.#validation?.view.rows ?? 0)
  }

  #endEpoch(): void {
    const { plan, task, topology } = this.#setup
    const { program, map } = this.#network
    const train = this.#metrics(this.#train, program.epochSums)
    const isMeasured = this.#validation !== null && this.#isMeasuringEpoch(this.#epoch + 1)
    const validation = isMeasured && this.#validation ? this.#metrics(this.#validation, program.measuredSums) : null
    const deciding = this.#validation ? validation : train
    if (!Number.isFinite(train.loss) || (deciding && !Number.isFinite(deciding.loss))) {
      this.#diverge()
      return
    }
    this.#epoch++
    if (deciding) {
      if (this.#best.offer(this.#epoch, cost(deciding, plan.stopping.metric ?? 'loss'))) {
        program.best.set(program.weights)
      }
      this.#plateau = afterEpoch(this.#plateau, this.#schedule, deciding.loss)
    }
    this.#records.add([
      this.#elapsedMs / 1000,
      this.#train.view.rows / (this.#epochMs / 1000),
      this.#rate,
      ...metricValues(train, task),
      ...metricValues(validation, task),
      ...layerMetrics(program, map, topology, isMeasured ? (this.#validation?.view.rows ?? 0) : 0)
    ])
    this.#keepSnapshot()
    this.#randomBefore = this.#random.state
    this.#ended = this.#endReason(deciding)
    this.#beginEpoch()
  }

  get #isHalted(): boolean {
    return this.#epoch >= (this.#setup.haltEpoch ?? Infinity)
  }

  #keepSnapshot(): void {
    if (this.#setup.snapshotEpochs?.includes(this.#epoch)) this.#snapshots.push(this.snapshot())
  }

  #isMeasuringEpoch(epoch: number): boolean {
    const { evaluateEvery = 1, epochs } = this.#setup.plan.stopping
    return epoch % evaluateEvery === 0 || epoch === epochs
  }

  /** Units: `deciding` has the metrics of the epoch that just ended, null where none were taken. */
  #endReason(deciding: PartMetrics | null): 'epochs' | 'patience' | 'target' | 'time' | null {
    const { epochs, patience, targetLoss, seconds } = this.#setup.plan.stopping
    if (this.#epoch >= epochs) return 'epochs'
    if (deciding && typeof targetLoss === 'number' && deciding.loss <= targetLoss) return 'target'
    if (this.#best.isExhausted(this.#epoch, patience)) return 'patience'
    return typeof seconds === 'number' && this.#elapsedMs >= seconds * 1000 ? 'time' : null
  }

  /** Draws the order of the next epoch, sets its learning rate and clears its sums. */
  #beginEpoch(): void {
    const { plan } = this.#setup
    const { program, map } = this.#network
    beginEpoch(program, plan, this.#random)
    const { learningRate } = plan.optimizer
    this.#rate = rateAt(this.#schedule, learningRate, this.#epoch + 1, plan.stopping.epochs, this.#plateau.factor)
    program.learningRate = this.#lbfgs ? 0 : this.#rate
    map.layers.forEach((_, layer) => program.quiet(layer).fill(0))
    this.#validationRow = null
    this.#epochMs = 0
  }

  #diverge(): void {
    this.#divergence = diagnose(this.#network.program, this.#network.map, this.#setup.plan, this.#epoch + 1)
    this.#ended = 'diverged'
  }

  #metrics(part: MeasuredPart, sums: Sums): PartMetrics {
    const { task, targetScale } = this.#setup
    return metricsOf(sums, { task, rows: part.view.rows, deviation: targetScale.deviation, spread: part.spread })
  }

  #restore(checkpoint: Checkpoint): void {
    const count = checkpoint.parameters.length
    const { plan } = this.#setup
    const { states } = optimizers[plan.optimizer.name]
    const isPlateau = this.#schedule.name === 'plateau'
    const own = checkpoint.optimizerState.length - (isPlateau ? 3 : 0)
    expectMadeWith(checkpoint, plan.optimizer, own)
    this.#network.write('weights', checkpoint.parameters)
    this.#lbfgs?.restore(checkpoint.optimizerState.subarray(0, own), count)
    if (states > 0) this.#network.write('state1', checkpoint.optimizerState.subarray(0, count))
    if (states > 1) this.#network.write('state2', checkpoint.optimizerState.subarray(count, 2 * count))
    if (isPlateau) {
      const [factor = 1, best = Infinity, waited = 0] = checkpoint.optimizerState.subarray(own)
      this.#plateau = { factor, best, waited }
    }
    if (checkpoint.best.epoch > 0) this.#network.write('best', checkpoint.best.parameters)
    this.#network.program.step = checkpoint.step
    this.#random.state = checkpoint.random
    this.#epoch = checkpoint.epoch
    this.#elapsedMs = checkpoint.elapsedSeconds * 1000
    this.#best = new Best(plan.stopping.minimumImprovement ?? 0, checkpoint.best.epoch, checkpoint.best.value)
  }
}
