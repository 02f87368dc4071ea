/** Texts that stand for a missing value wherever they are no level: as cells of a CSV reader bring them. */
import { defaultMissing } from '#lab/datasets/import/columns/missing-marks.ts'

export const missingTexts: readonly string[] = ['', ...defaultMissing]
