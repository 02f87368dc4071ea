/**
 * What a network does, for pictures of it: its outputs over one or two columns, and what its units give. All of it is
 * computed by the engine; rows come from the training part, and never from the sealed test part.
 */
import type { Axes } from '#contract/understand.ts'
import type { NetworkPicture, RowNetwork, Surface } from '#contract/understand.ts'
import { LabError } from '#contract/errors.ts'
import type { RunData } from '#contract/runs.ts'
import { detectImage } from '#lab/datasets/image.ts'
import type { EngineHost } from '#lab/engine/host.ts'
import type { Experiments } from '#lab/experiments/experiments.ts'
import type { PreparedTables } from '#lab/experiments/prepared-tables.ts'
import { rowsSeenBy, seenBy } from '#lab/experiments/run-view.ts'
import { expectOneNetwork } from '#lab/runs/predictor.ts'
import { keptEpochs, storedWeights } from '#lab/runs/run-weights.ts'
import type { Runner } from '#lab/runs/runner.ts'
import { describeColumn, type Slot, slotsOf, typicalRow } from '#lab/insight/understanding/columns.ts'
import { drawNetwork } from '#lab/insight/understanding/network-picture.ts'
import { tellingColumns } from '#lab/insight/understanding/relevance.ts'
import { type FoundRow, gatherRow } from '#lab/insight/understanding/row-network.ts'
import { drawSurface, type Grid, gridOver, type Viewed } from '#lab/insight/understanding/surface.ts'
import { evenly, readRow, readTrainingRows, type TrainingRows } from '#lab/insight/understanding/training-rows.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import { Remembered } from '#lab/datasets/remembered.ts'
import type { StoredRun } from '#lab/store/runs.ts'
import type { Store } from '#lab/store/store.ts'

/** Which weights: of the best epoch, of the last one, as they are now in training, or of a kept epoch. */
type Weights = 'best' | 'last' | 'now' | number

/** What is looked at, and from where. */
interface Place {
  readonly runId: number
  readonly weights: Weights
  readonly x: string
  readonly y: string | null
  readonly row: number | null
  readonly resolution: number
}

export interface Understanding {
  axes(experimentId: number): Promise<Axes>
  surface(
    request: Place & { readonly unit?: { readonly layer: number; readonly unit: number } | undefined }
  ): Promise<Surface>
  network(request: Place & { readonly most: number }): Promise<NetworkPicture>
  row(request: Pick<Place, 'runId' | 'weights' | 'row'>): Promise<RowNetwork>
}

export interface UnderstandingOptions {
  readonly store: Store
  readonly experiments: Experiments
  readonly prepared: PreparedTables
  readonly engine: Pick<EngineHost, 'predict' | 'weightsOf'>
  readonly runner: Pick<Runner, 'tracker'>
}

/** An experiment's training rows and where its columns lie; kept while pictures of it are asked for. */
interface Table {
  /** As the runs that are looked at on it see it. */
  readonly experiment: StoredExperiment
  readonly data: RunData
  readonly slots: readonly Slot[]
  readonly width: number
  readonly rows: TrainingRows
  /** Numbers of `rows` in the data set. */
  readonly rowNumbers: Uint32Array
}

/** Tables kept: a person looks at one experiment, at its folds side by side, and compares with another. */
const mostTables = 8
const mostFirstRows = 500

/**
 * Creates the service.
 * Errors: LabError 'not_found' for an unknown run, column, unit, row or epoch, and for a run without weights;
 * 'conflict' for a row of the sealed test part.
 */
export function createUnderstanding(options: UnderstandingOptions): Understanding {
  return new RunUnderstanding(options)
}

class RunUnderstanding implements Understanding {
  readonly #options: UnderstandingOptions
  readonly #tables = new Remembered<string, Table>(mostTables)

  constructor(options: UnderstandingOptions) {
    this.#options = options
  }

  async #readTable(found: StoredExperiment, data: RunData): Promise<Table> {
    const { prepared, store } = this.#options
    const { train } = await prepared.prepare(found, data)
    const experiment = seenBy(store, found, data)
    const width = experiment.preparation.inputs.length
    const rows = await readTrainingRows(train, width)
    const numbers = rowsSeenBy(store, experiment.id, data, 'train')
    const rowNumbers = Uint32Array.from(rows.places, (place) => numbers[place] ?? 0)
    return { experiment, data, slots: slotsOf(experiment.preparation), width, rows, rowNumbers }
  }

  /** A run of a fold has a table of its own; all others are looked at on the experiment's. */
  #tableOf(experimentId: number, ofRun: RunData): Promise<Table> {
    const { experiments } = this.#options
    const data: RunData = ofRun.kind === 'fold' ? ofRun : { kind: 'whole' }
    const key = JSON.stringify([experimentId, data])
    return this.#tables.read(key, () => this.#readTable(experiments.find(experimentId), data))
  }

  async #weightsOf({ id, ensemble }: StoredRun, which: Weights) {
    expectOneNetwork({ id, ensemble })
    const { store, runner, engine } = this.#options
    if (typeof which === 'number') return storedWeights(store, id, this.#nearestKept(id, which))
    if (which !== 'now') return storedWeights(store, id, which)
    if (runner.tracker(id)) {
      // It may end while it is asked; then what it left behind is the last it had.
      const live = await engine.weightsOf(id).catch(() => null)
      if (live) return live
    }
    return storedWeights(store, id, 'last')
  }

  /** Runs side by side have not all kept the same epochs; the picture says which it is of. */
  #nearestKept(id: number, wanted: number): number {
    const { store } = this.#options
    const { epochs, best, last } = keptEpochs(store, id)
    const kept = [...epochs, best, last].filter((epoch) => epoch !== null)
    return kept.reduce(
      (near, epoch) => (Math.abs(epoch - wanted) < Math.abs(near - wanted) ? epoch : near),
      kept[0] ?? wanted
    )
  }

  /** Finds a row of the data set in an open part. */
  async #findRow({ experiment, data }: Table, row: number): Promise<FoundRow> {
    const { prepared, store } = this.#options
    const { train, validation } = await prepared.prepare(experiment, data)
    for (const [part, file] of [
      ['train', train],
      ['validation', validation]
    ] as const) {
      const place = file ? rowsSeenBy(store, experiment.id, data, part).indexOf(row) : -1
      if (file && place >= 0) return { row, part, file, place }
    }
    if (store.experiments.rows(experiment.id, 'test').includes(row)) {
      throw new LabError('conflict', `Row ${row + 1} belongs to the sealed test part. Choose another row.`)
    }
    throw new LabError('not_found', `Row ${row + 1} is not in this experiment. Choose another row.`)
  }

  /** The encoded row that columns are held at. */
  async #heldRow(table: Table, row: number | null): Promise<Float32Array> {
    if (row === null) return typicalRow(table.slots, table.width)
    const { file, place } = await this.#findRow(table, row)
    return readRow(file, table.width, place)
  }

  /** A run with its weights, and the table that it is looked at on. */
  async #viewed({ runId, weights }: Pick<Place, 'runId' | 'weights'>) {
    const run = this.#options.store.runs.find(runId)
    const [table, { epoch, parameters }] = await Promise.all([
      this.#tableOf(run.experimentId, run.data),
      this.#weightsOf(run, weights)
    ])
    const { preparation, settings } = table.experiment
    const viewed: Viewed = {
      ...table,
      epoch,
      network: { topology: run.topology, parameters },
      task: settings.task,
      classes: preparation.classes,
      targetScale: preparation.targetScale
    }
    return { run, table, viewed }
  }

  async #look(place: Place): Promise<{ run: StoredRun; viewed: Viewed; grid: Grid }> {
    const { run, table, viewed } = await this.#viewed(place)
    const held = await this.#heldRow(table, place.row)
    return { run, viewed, grid: gridOver(viewed, held, place) }
  }

  async axes(experimentId: number) {
    const { experiment, slots, width, rows, rowNumbers } = await this.#tableOf(experimentId, { kind: 'whole' })
    const { inputs, classes } = experiment.preparation
    const image = detectImage(inputs)
    const isImage = image !== null && image.width * image.height === width
    return {
      columns: slots.map((slot) => describeColumn(slot, rows.inputs, width)),
      suggested: tellingColumns(slots, rows, width, classes?.length ?? null),
      image: isImage ? image : null,
      rows: rows.ofRows,
      firstRows: Array.from(evenly(rowNumbers.length, mostFirstRows), (place) => rowNumbers[place] ?? 0)
    }
  }

  async surface({ unit, ...place }: Parameters<Understanding['surface']>[0]) {
    const { engine } = this.#options
    const { run, viewed, grid } = await this.#look(place)
    if (unit && !run.topology.layers[unit.layer - 1]) {
      throw new LabError('not_found', `Run ${run.id} has no layer ${unit.layer}.`)
    }
    if (unit && unit.unit >= (run.topology.layers[unit.layer - 1]?.units ?? 0)) {
      throw new LabError('not_found', `Layer ${unit.layer} of run ${run.id} has no unit ${unit.unit + 1}.`)
    }
    return drawSurface(engine, viewed, grid, unit ?? null)
  }

  async network({ most, ...place }: Parameters<Understanding['network']>[0]) {
    const { engine } = this.#options
    const { viewed, grid } = await this.#look(place)
    return drawNetwork(engine, viewed, grid, most)
  }

  async row({ row, ...which }: Parameters<Understanding['row']>[0]) {
    const { run, table, viewed } = await this.#viewed(which)
    const { rowNumbers } = table
    const found = await this.#findRow(table, row ?? rowNumbers[0] ?? 0)
    const rows = Array.from(evenly(rowNumbers.length, mostFirstRows), (place) => rowNumbers[place] ?? 0)
    return gatherRow(run, viewed, found, rows)
  }
}
