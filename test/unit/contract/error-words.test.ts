import { expect, it } from 'vitest'
import { writeErrorShare } from '#contract/error-words.ts'

it('writes shares of wrong classes as percent, and small ones with as many digits as tell them apart', () => {
  const written = [0.368, 0.1, 0.0263, 0.00877, 0.000351, 1, 0, null, NaN].map(writeErrorShare)
  expect(written).toEqual(['36.8 %', '10.0 %', '2.6 %', '0.88 %', '0.035 %', '100.0 %', '0 %', '–', '–'])
})
