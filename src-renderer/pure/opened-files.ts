/** Sorts files that were opened from outside into what is taken in together. */
import { destinations } from '#contract/transfers.ts'

export interface OpenedFiles {
  /** Each an experiment of its own. */
  readonly bundles: readonly string[]
  /** Networks of other programs, which belong to an experiment. */
  readonly models: readonly string[]
  /** Each a data set of its own. */
  readonly tables: readonly string[]
}

/** Sorts paths by the endings of their names, in their order. */
export function sortOpened(paths: readonly string[]): OpenedFiles {
  const kindOf = (path: string) => {
    const name = path.toLowerCase()
    if (name.endsWith(destinations.bundle.ending)) return 'bundles'
    return name.endsWith('.onnx') ? 'models' : 'tables'
  }
  const { bundles = [], models = [], tables = [] } = Object.groupBy(paths, kindOf)
  return { bundles, models, tables }
}

/** The name of a file in a path of any system. */
export function nameOfPath(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}
