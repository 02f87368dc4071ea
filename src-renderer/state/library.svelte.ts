/** What is in the lab: its host, samples, data sets and experiments, listed again whenever an event says so. */
import type { DatasetSummary, Sample } from '#contract/datasets.ts'
import type { Experiment } from '#contract/experiments.ts'
import type { HostInfo, LabEvent } from '#contract/host.ts'
import type { LabClient } from '#renderer/lab/client.ts'
import type { Failure } from '#renderer/lab/failure.ts'

export class Library {
  info = $state.raw<HostInfo | null>(null)
  samples = $state.raw<readonly Sample[]>([])
  datasets = $state.raw<readonly DatasetSummary[]>([])
  experiments = $state.raw<readonly Experiment[]>([])
  /** Set once the lists have been read a first time. */
  loaded = $state(false)
  failure = $state.raw<Failure | null>(null)
  engine = $state.raw<{ state: HostInfo['engine']['state']; message: string | null }>({ state: 'ready', message: null })
  #client: LabClient
  #showsSamples = false
  #toFailure: (error: unknown) => Failure

  constructor(client: LabClient, toFailure: (error: unknown) => Failure) {
    this.#client = client
    this.#toFailure = toFailure
  }

  /** Reads everything; also after a lost connection came back. */
  async load(): Promise<void> {
    try {
      const { host, datasets, experiments } = this.#client
      if (this.#showsSamples) void this.loadSamples()
      const all = await Promise.all([host.info(), datasets.list(), experiments.list()])
      const [info, datasetList, experimentList] = all
      this.info = info
      this.engine = { state: info.engine.state, message: null }
      this.datasets = newestFirst(datasetList)
      this.experiments = experimentList
      this.failure = null
      this.loaded = true
    } catch (error) {
      this.failure = this.#toFailure(error)
    }
  }

  /** Reads the samples once they are to be seen: their small pictures take a while to be made. */
  async loadSamples(): Promise<void> {
    this.#showsSamples = true
    if (this.samples.length > 0) return
    try {
      this.samples = await this.#client.datasets.samples()
    } catch (error) {
      this.failure = this.#toFailure(error)
    }
  }

  /** Takes an event of the lab; runs are not its concern. */
  take(event: LabEvent): void {
    if (event.type === 'engine') this.engine = { state: event.state, message: event.message }
    if (event.type === 'datasets') void this.#quietly(this.loadDatasets())
    if (event.type === 'experiments') void this.#quietly(this.loadExperiments())
  }

  async loadDatasets(): Promise<void> {
    this.datasets = newestFirst(await this.#client.datasets.list())
  }

  async loadExperiments(): Promise<void> {
    this.experiments = await this.#client.experiments.list()
  }

  dataset(id: string): DatasetSummary | undefined {
    return this.datasets.find((dataset) => dataset.id === id)
  }

  experiment(id: number): Experiment | undefined {
    return this.experiments.find((experiment) => experiment.id === id)
  }

  /** Puts an experiment that was just created or changed in its place, ahead of the lab's event. */
  put(experiment: Experiment): void {
    const index = this.experiments.findIndex(({ id }) => id === experiment.id)
    this.experiments = index < 0 ? [experiment, ...this.experiments] : this.experiments.with(index, experiment)
  }

  async #quietly(work: Promise<void>): Promise<void> {
    // A list that could not be read again stays as it was; a lost connection reads all of it on its return.
    await work.catch(() => undefined)
  }
}

function newestFirst(datasets: readonly DatasetSummary[]): DatasetSummary[] {
  return [...datasets].sort((a, b) => b.importedAt - a.importedAt)
}
