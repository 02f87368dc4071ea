/**
 * A real engine process for tests: launched, spoken to and waited for as the lab does it.
 * Tests wait for what the engine says, never for time to pass.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { EngineDataset, RunRequest } from '#engine/process/protocol.ts'
import type { RunColumns } from '#engine/training/epoch-columns.ts'
import { defaultPlan, type TrainingPlan } from '#engine/training/plan.ts'
import type { RunOutcome } from '#engine/training/outcome.ts'
import { createEngineHost, type RunEvent } from '#lab/engine/host.ts'
import type { EngineStatus } from '#lab/engine/supervisor.ts'
import { createEngineLauncher, type EngineOptions } from '#lab/engine/launcher.ts'
import type { EnginePort } from '#lab/hosts/services.ts'

export const root = resolve(import.meta.dirname, '../../..')

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>
export type EngineEvent = RunEvent | { type: 'lost'; runIds: readonly number[]; message: string } | EngineStatusEvent
type EngineStatusEvent = { type: 'status' } & EngineStatus

/** Starts an engine and keeps everything it says, in order. */
export function startEngine(options: Partial<EngineOptions> = {}, createLauncher = createEngineLauncher) {
  const events: EngineEvent[] = []
  const log: string[] = []
  const ports: EnginePort[] = []
  const waiting: { matches: (event: EngineEvent) => boolean; resolve: (event: EngineEvent) => void }[] = []

  function add(event: EngineEvent): void {
    events.push(event)
    for (const waiter of waiting.filter(({ matches }) => matches(event))) {
      waiting.splice(waiting.indexOf(waiter), 1)
      waiter.resolve(event)
    }
  }

  const write = (_level: string, line: string) => void log.push(line)
  const launch = createLauncher({ root, ...options }, write)
  const host = createEngineHost({
    launch() {
      const port = launch()
      ports.push(port)
      return port
    },
    listener: {
      onRunEvent: add,
      onRunsLost: (runIds, message) => add({ type: 'lost', runIds, message }),
      onStatus: (status) => add({ type: 'status', ...status })
    },
    log: write,
    now: () => performance.now()
  })

  /** Resolves with the next event that matches, from now on. */
  function next<Event extends EngineEvent>(matches: (event: EngineEvent) => event is Event): Promise<Event>
  function next(matches: (event: EngineEvent) => boolean): Promise<EngineEvent>
  function next(matches: (event: EngineEvent) => boolean): Promise<EngineEvent> {
    return new Promise((resolve) => waiting.push({ matches, resolve }))
  }

  const nextOf = <Type extends RunEvent['type']>(type: Type, runId: number) =>
    next((event): event is EventOf<Type> => event.type === type && 'runId' in event && event.runId === runId)

  return {
    host,
    events,
    log,
    next,
    /** The port of the process that was launched last. */
    port: () => ports.at(-1) as EnginePort,
    pid: () => Number(/process (\d+)/.exec(log.findLast((line) => line.includes('was started as process')) ?? '')?.[1]),
    nextOf,
    nextStatus: (state: EngineStatus['state']) =>
      next((event): event is EngineStatusEvent => event.type === 'status' && event.state === state),
    nextFrameOf: (runId: number) =>
      next((event) => event.type === 'frame' && event.runs.some((run) => run.runId === runId)),
    /** Starts a run and resolves with its end. */
    train: async (run: RunRequest): Promise<RunOutcome> => {
      const ended = nextOf('run.ended', run.runId)
      host.startRun(run)
      return (await ended).outcome
    },
    framesOf: (runId: number): RunColumns[] =>
      events.flatMap((event) => (event.type === 'frame' ? event.runs.filter((run) => run.runId === runId) : []))
  }
}

/** A folder of prepared tables that is removed when the test is over. */
export function createTables() {
  const folder = mkdtempSync(join(tmpdir(), 'topology-lab-engine-'))

  /** Writes inputs and targets as the lab does. */
  function writePart(
    name: string,
    inputs: number,
    rows: number,
    cell: (row: number, input: number) => number,
    target: (row: number) => number
  ) {
    const values = new Float32Array(rows * (inputs + 1))
    for (let row = 0; row < rows; row++) {
      for (let input = 0; input < inputs; input++) values[row * inputs + input] = cell(row, input)
      values[rows * inputs + row] = target(row)
    }
    const path = join(folder, `${name}.f32`)
    writeFileSync(path, values)
    return { path, rows }
  }

  return {
    folder,
    writePart,
    /** Two classes that a line does not part: the sign of the product of two numbers. */
    quadrants(id: string, rows = 96): EngineDataset {
      const cell = (row: number, input: number) => Math.sin((row + 1) * (input + 1) * 12.9898)
      const target = (row: number) => (cell(row, 0) * cell(row, 1) > 0 ? 1 : 0)
      return {
        id,
        inputs: 2,
        task: 'classification',
        classes: 2,
        targetScale: { mean: 0, deviation: 1 },
        train: writePart(`${id}-train`, 2, rows, cell, target),
        validation: writePart(
          `${id}-validation`,
          2,
          rows / 2,
          (row, input) => cell(row + rows, input),
          (row) => target(row + rows)
        )
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true })
  }
}

/** A small run on a two-class data set of two inputs. */
export function smallRun(
  runId: number,
  datasetId: string,
  epochs: number,
  rest: Partial<Pick<RunRequest, 'seed' | 'checkpoint'>> & { units?: number; plan?: Partial<TrainingPlan> } = {}
): RunRequest {
  const { units = 8, plan, ...request } = rest
  return {
    runId,
    datasetId,
    topology: {
      inputs: 2,
      layers: [
        { units, activation: 'tanh' },
        { units: 2, activation: 'softmax' }
      ]
    },
    plan: { ...defaultPlan('cross_entropy'), batchSize: 16, stopping: { epochs, patience: null }, ...plan },
    seed: 1,
    checkpoint: null,
    ...request
  }
}

/** The bits of the last weights and of the best ones. */
export function bitsOf({ checkpoint }: RunOutcome): Uint32Array {
  if (!checkpoint) throw new Error('The run ended without a checkpoint.')
  const bits = ({ buffer, byteOffset, length }: Float32Array) => new Uint32Array(buffer, byteOffset, length)
  return Uint32Array.from([...bits(checkpoint.parameters), ...bits(checkpoint.best.parameters)])
}
