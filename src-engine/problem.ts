/** What is wrong with one field of a topology or a plan: `field` is its path with dots, `message` one sentence for a person. */
export interface Problem {
  readonly field: string
  readonly message: string
}
