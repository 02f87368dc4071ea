/** How an error is written for a person, the same in every sentence, chart and table: shares as percent. Pure. */

/** Written for what is missing or not finite. */
const missing = '\u2013'

/**
 * Writes a share of wrong classes as percent: one decimal, and so many that a share below 1 % has two digits, as
 * differences and noises are.
 */
export function writeErrorShare(share: number | null | undefined): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return missing
  if (share === 0) return '0 %'
  const percent = share * 100
  const decimals = Math.min(6, Math.max(1, 1 - Math.floor(Math.log10(Math.abs(percent)))))
  return `${percent.toFixed(decimals)} %`
}
