/** Words for numbers in the engine process's sentences. */

const units = ['bytes', 'KB', 'MB', 'GB'] as const

/**
 * Writes a number of bytes as a person reads it.
 * Units: decimal, 1 KB = 1000 bytes, one decimal from KB on.
 */
export function describeBytes(bytes: number): string {
  const step = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** step
  return `${step === 0 ? value : value.toFixed(1)} ${units[step]}`
}

/** The sentence of an error, or of whatever was thrown in place of one. */
export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
