/** Options of a choice, as selects and segments take them. */
export interface Option<T extends string | number> {
  readonly value: T
  readonly label: string
  readonly disabled?: boolean
}

/** Options of values, each by its name; by default the value itself. */
export function optionsOf<T extends string | number>(
  values: readonly T[],
  nameOf: (value: T) => string = String
): Option<T>[] {
  return values.map((value) => ({ value, label: nameOf(value) }))
}
