/** The preparation of an experiment's columns as fitted on its training part: plain data. */
export interface FittedPreparation {
  readonly inputs: string[]
  readonly classes: string[] | null
  readonly targetScale: { readonly mean: number; readonly deviation: number }
  readonly warnings: string[]
}
