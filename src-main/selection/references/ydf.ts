/** The part of ydf-training that is used here, with its types: the package has none, and is CommonJS with a compiled part. */
import { createRequire } from 'node:module'

/** A column is of numbers or of texts, by its first value; typed arrays are refused. */
export type Columns = Record<string, readonly number[] | readonly string[]>

export interface Forest {
  /** The classes in the order in which predict() counts them. */
  getLabelClasses(): string[]
  /** Numbers; or the probability of the second class; or with three classes and more one of each, row by row. */
  predict(columns: Columns): number[]
  /** Frees its memory. */
  unload(): void
}

export interface Ydf {
  readonly RandomForestLearner: new (
    label: string,
    task: 'CLASSIFICATION' | 'REGRESSION'
  ) => { train(columns: Columns): Forest }
}

type Load = (options: { print(text: string): void; printErr(text: string): void }) => Promise<Ydf>

/** Loads the library; what it writes on its way is dropped, what it throws is not. */
export function loadYdf(): Promise<Ydf> {
  const load = createRequire(import.meta.url)('ydf-training') as Load
  const drop = () => undefined
  return load({ print: drop, printErr: drop })
}
