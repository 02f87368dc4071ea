/** The app's state over a lab that is not there: every call fails but those that a test brings. */
import type { LabClient } from '#renderer/lab/client.ts'
import { App } from '#renderer/state/app.svelte.ts'
import { ConnectionState } from '#renderer/state/connection.svelte.ts'
import type { Experiment } from '#contract/experiments.ts'

/** Answers of a lab, by area and verb. */
export interface Calls {
  readonly [name: string]: Calls | ((input: never) => unknown)
}

/** Calls as the client's; what is not among them is refused. */
export function clientOf(calls: Calls): LabClient {
  return callOf(calls, []) as LabClient
}

function callOf(calls: Calls[string] | undefined, path: readonly string[]): unknown {
  const refused = () => Promise.reject(new Error(`No test lab answers ${path.join('.')}.`))
  return new Proxy(refused, {
    get: (_, name) => callOf(typeof calls === 'object' ? calls[String(name)] : undefined, [...path, String(name)]),
    apply: (_, __, [input]) => (typeof calls === 'function' ? calls(input as never) : refused())
  })
}

/** An app on a page of its own: without a window, frames come at once. */
export function appOf(calls: Calls = {}): App {
  const kept = new Map<string, string>()
  const page = {
    location: { hash: '' },
    history: { replaceState: () => undefined },
    addEventListener: () => undefined,
    requestAnimationFrame: (task: () => void) => (task(), 0),
    localStorage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value)
    }
  }
  return new App(clientOf(calls), new ConnectionState(), page as unknown as Window)
}

/** An experiment of four inputs and three classes. */
export const experiment: Experiment = {
  id: 1,
  name: 'iris: species',
  datasetName: 'iris',
  settings: {
    datasetId: 'abc',
    target: 'species',
    task: 'classification',
    columns: [],
    preparation: { missing: 'impute', indicators: false, scaling: 'standard', levelCap: 20 },
    split: { kind: 'fractions', train: 60, validation: 20, test: 20, seed: 1, stratified: true }
  },
  inputs: ['a', 'b', 'c', 'd'],
  classes: ['x', 'y', 'z'],
  outputs: 3,
  outputReason: '',
  rows: { train: 90, validation: 30, test: 30, dropped: 0 },
  openings: 0,
  runs: 0,
  note: '',
  warnings: [],
  createdAt: 0
}
