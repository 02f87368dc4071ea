/** The contract's one router: each entry calls its service. Knows no transport and does no work of its own. */
import { implement } from '@orpc/server'
import { contract } from '#contract/contract.ts'
import type { Exported, ExportRecord } from '#contract/exports.ts'
import type { HostInfo } from '#contract/host.ts'
import type { FileSource } from '#contract/datasets.ts'
import type { Opening, Run, RunForecast, RunForecastRequest } from '#contract/runs.ts'
import type { PartMetrics } from '#engine/training/metrics.ts'
import { toContractError } from '#lab/procedures/contract-errors.ts'
import type { DatasetLibrary } from '#lab/library/library.ts'
import type { Events } from '#lab/streams/events.ts'
import type { Diagnostics } from '#lab/insight/diagnostics/diagnostics.ts'
import type { ChoiceService } from '#lab/choice/choice.ts'
import type { Experiments } from '#lab/experiments/experiments.ts'
import type { WrittenReport } from '#lab/report/report.ts'
import type { ExportRequest } from '#lab/models/exports.ts'
import type { Predictions } from '#lab/models/predictions/predictions.ts'
import type { MetricsStream } from '#lab/runs/metrics-stream.ts'
import type { RangeTests } from '#lab/runs/range-tests.ts'
import type { Queue } from '#lab/runs/queue.ts'
import type { Runs } from '#lab/runs/runs.ts'
import type { Download, HostServices } from '#lab/hosts/services.ts'
import type { Selection } from '#lab/selection/selection.ts'
import type { Sweeps } from '#lab/sweeps/sweeps.ts'
import type { Transfers } from '#lab/transfers/transfers.ts'
import type { Understanding } from '#lab/insight/understanding/understanding.ts'
import type { SettingQueries } from '#lab/store/settings.ts'
import { LabError } from '#contract/errors.ts'

type Opened = { readonly test: PartMetrics; readonly opening: Opening }

/** What the router calls. */
export interface Services {
  readonly info: () => HostInfo
  readonly reserveDownload: (name: string) => Promise<Download>
  readonly events: Events
  readonly settings: SettingQueries
  readonly library: DatasetLibrary
  readonly experiments: Experiments
  readonly runs: Runs
  readonly queue: Queue
  readonly forecastRun: (request: RunForecastRequest) => RunForecast
  readonly sweeps: Sweeps
  readonly selection: Selection
  readonly understanding: Understanding
  readonly transfers: Transfers
  readonly choice: ChoiceService
  readonly diagnostics: Diagnostics
  readonly stream: MetricsStream
  readonly rangeTests: RangeTests
  readonly openTest: (runId: number) => Promise<Opened>
  readonly openedTest: (runId: number) => Opened | null
  readonly writeReport: (experimentId: number, format: 'html' | 'json', path?: string) => Promise<WrittenReport>
  readonly writeExport: (request: ExportRequest) => Promise<Exported>
  readonly importModel: (request: {
    readonly experimentId: number
    readonly file: FileSource
    readonly inputs: 'auto' | 'prepared' | 'raw'
  }) => Promise<Run>
  readonly predictions: Predictions
  readonly listExports: (runId: number) => ExportRecord[]
  /** Throws where the call would change a lab that is only read. */
  readonly admit: (path: readonly string[]) => void
  readonly log: HostServices['log']
}

/** Implements the whole contract. Errors: every failure leaves as a code of the closed list. */
export function createRouter(services: Services) {
  const { events, library, experiments, runs, queue, sweeps, selection, stream, settings, log } = services
  const { predictions, choice, diagnostics, understanding, transfers } = services
  const os = implement(contract).use(async ({ next, path }) => {
    try {
      services.admit(path)
      return await next()
    } catch (error) {
      throw toContractError(error, log)
    }
  })

  return os.router({
    host: {
      info: os.host.info.handler(() => services.info()),
      events: os.host.events.handler(({ signal }) => events.follow(signal)),
      reserveDownload: os.host.reserveDownload.handler(({ input }) => services.reserveDownload(input.name)),
      settings: {
        get: os.host.settings.get.handler(() => settings.all()),
        set: os.host.settings.set.handler(({ input }) => settings.set(input.name, input.value))
      }
    },
    datasets: {
      samples: os.datasets.samples.handler(() => library.samples()),
      list: os.datasets.list.handler(() => library.list()),
      get: os.datasets.get.handler(({ input }) => library.get(input.datasetId)),
      preview: os.datasets.preview.handler(({ input }) => library.preview(input.datasetId, input.offset, input.limit)),
      import: os.datasets.import.handler(({ input }) => ({ jobId: library.startImport(input) })),
      importProgress: os.datasets.importProgress.handler(({ input, signal }) => library.follow(input.jobId, signal)),
      cancelImport: os.datasets.cancelImport.handler(({ input }) => library.cancel(input.jobId)),
      rename: os.datasets.rename.handler(({ input }) => library.rename(input.datasetId, input.name)),
      remove: os.datasets.remove.handler(({ input }) => library.remove(input.datasetId))
    },
    experiments: {
      propose: os.experiments.propose.handler(({ input }) => experiments.propose(input)),
      inspect: os.experiments.inspect.handler(({ input, signal }) => experiments.inspect(input.settings, signal)),
      create: os.experiments.create.handler(({ input }) => experiments.create(input.name, input.settings)),
      list: os.experiments.list.handler(() => experiments.list()),
      get: os.experiments.get.handler(({ input }) => experiments.get(input.experimentId)),
      update: os.experiments.update.handler(({ input }) => experiments.update(input.experimentId, input)),
      remove: os.experiments.remove.handler(({ input }) => experiments.remove(input.experimentId))
    },
    runs: {
      start: os.runs.start.handler(({ input }) => runs.start(input)),
      list: os.runs.list.handler(({ input }) => runs.list(input.experimentId ?? null, input)),
      forecast: os.runs.forecast.handler(({ input }) => services.forecastRun(input)),
      get: os.runs.get.handler(({ input }) => runs.get(input.runId)),
      pause: os.runs.pause.handler(({ input }) => runs.pause(input.runId)),
      resume: os.runs.resume.handler(({ input }) => runs.resume(input.runId)),
      stop: os.runs.stop.handler(({ input }) => runs.stop(input.runId)),
      update: os.runs.update.handler(({ input }) =>
        input.note === undefined ? runs.get(input.runId) : runs.annotate(input.runId, input.note)
      ),
      mark: os.runs.mark.handler(({ input }) => runs.mark(input.runIds, input)),
      remove: os.runs.remove.handler(({ input }) => runs.remove(input.runIds)),
      curves: os.runs.curves.handler(({ input }) => stream.read(input)),
      metrics: os.runs.metrics.handler(({ input, lastEventId, signal }) =>
        stream.follow(input, sequenceOf(lastEventId), signal)
      ),
      details: os.runs.details.handler(({ input }) => runs.details(input.runId)),
      kept: os.runs.kept.handler(({ input }) => runs.kept(input.runId)),
      weights: os.runs.weights.handler(({ input }) => runs.weights(input.runId, input.which)),
      openTest: os.runs.openTest.handler(({ input }) => services.openTest(input.runId)),
      openedTest: os.runs.openedTest.handler(({ input }) => services.openedTest(input.runId))
    },
    queue: {
      get: os.queue.get.handler(() => queue.state()),
      move: os.queue.move.handler(({ input }) => queue.move(input.runId, input.to)),
      set: os.queue.set.handler(({ input }) => queue.set(input))
    },
    sweeps: {
      forecast: os.sweeps.forecast.handler(({ input }) => sweeps.forecast(input)),
      start: os.sweeps.start.handler(({ input }) => sweeps.start(input)),
      list: os.sweeps.list.handler(({ input }) => sweeps.list(input.experimentId ?? null)),
      get: os.sweeps.get.handler(({ input }) => sweeps.get(input.sweepId)),
      pause: os.sweeps.pause.handler(({ input }) => sweeps.pause(input.sweepId)),
      resume: os.sweeps.resume.handler(({ input }) => sweeps.resume(input.sweepId)),
      stop: os.sweeps.stop.handler(({ input }) => sweeps.stop(input.sweepId))
    },
    understand: {
      axes: os.understand.axes.handler(({ input }) => understanding.axes(input.experimentId)),
      surface: os.understand.surface.handler(({ input }) => understanding.surface(input)),
      network: os.understand.network.handler(({ input }) => understanding.network(input))
    },
    exports: {
      write: os.exports.write.handler(({ input }) => services.writeExport(input)),
      list: os.exports.list.handler(({ input }) => services.listExports(input.runId))
    },
    models: {
      import: os.models.import.handler(({ input }) => services.importModel(input))
    },
    predictions: {
      form: os.predictions.form.handler(({ input }) => predictions.form(input.runId)),
      rows: os.predictions.rows.handler(({ input }) => predictions.rows(input.runId, input.weights, input.rows)),
      example: os.predictions.example.handler(({ input }) =>
        predictions.example(input.runId, input.part, input.position)
      ),
      check: os.predictions.check.handler(({ input }) => ({ jobId: predictions.check(input) })),
      write: os.predictions.write.handler(({ input }) => ({ jobId: predictions.write(input) })),
      progress: os.predictions.progress.handler(({ input, signal }) => predictions.follow(input.jobId, signal)),
      cancel: os.predictions.cancel.handler(({ input }) => predictions.cancel(input.jobId)),
      release: os.predictions.release.handler(({ input }) => predictions.release(input.tableId))
    },
    rangeTests: {
      run: os.rangeTests.run.handler(({ input, signal }) => services.rangeTests.run(input, signal))
    },
    transfers: {
      write: os.transfers.write.handler(({ input }) => ({ jobId: transfers.write(input) })),
      read: os.transfers.read.handler(({ input }) => ({ jobId: transfers.read(input.source) })),
      progress: os.transfers.progress.handler(({ input, signal }) => transfers.follow(input.jobId, signal)),
      cancel: os.transfers.cancel.handler(({ input }) => transfers.cancel(input.jobId))
    },
    selection: {
      complexity: os.selection.complexity.handler(({ input }) => selection.complexity(input)),
      learningCurves: os.selection.learningCurves.handler(({ input }) =>
        selection.learningCurves(input.experimentId, input.hidden)
      ),
      verdict: os.selection.verdict.handler(({ input }) => selection.verdict(input.runId))
    },
    report: {
      write: os.report.write.handler(({ input }) => services.writeReport(input.experimentId, input.format, input.path))
    },
    diagnostics: {
      ofPart: os.diagnostics.ofPart.handler(({ input }) => diagnostics.ofPart(input.runId, input.part)),
      worstRows: os.diagnostics.worstRows.handler(({ input }) =>
        diagnostics.worstRows(input.runId, input.part, input.limit)
      ),
      importance: os.diagnostics.importance.handler(({ input }) => diagnostics.importance(input.runId))
    },
    choice: {
      get: os.choice.get.handler(({ input }) => choice.get(input.experimentId, input.folds)),
      make: os.choice.make.handler(({ input }) => choice.make(input.experimentId, input.runId, input.reason)),
      trainFinal: os.choice.trainFinal.handler(({ input }) => choice.trainFinal(input.experimentId)),
      expectation: os.choice.expectation.handler(({ input }) => choice.expectation(input.runId))
    }
  })
}

export type Router = ReturnType<typeof createRouter>

function sequenceOf(lastEventId: string | undefined): number {
  const sequence = Number(lastEventId ?? 0)
  if (Number.isSafeInteger(sequence) && sequence >= 0) return sequence
  throw new LabError('bad_settings', `"${lastEventId}" is no event id of this stream.`)
}
