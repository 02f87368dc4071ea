/** Writes a stored value the way a person reads it, and the way levels of categories are named. */
import type { Value } from '#lab/datasets/duckdb.ts'

/** Writes a value as text, null where it is missing. Numbers are as short as they can be and still the same. */
export function formatValue(value: Value | bigint): string | null {
  return value === null ? null : String(value)
}
