/** Figures of the report agree with what the window tells. */
import { expect, it } from 'vitest'
import { writeOptimism } from '#lab/report/figures.ts'

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

it('tells both ends of what choosing the best flatters it by, where both are known and differ', () => {
  expect(writeOptimism({ value: 0.0171, most: 0.0704 }, percent)).toBe('1.7 % to 7.0 %')
  expect(writeOptimism({ value: 0.0171, most: null }, percent)).toBe('1.7 %')
  expect(writeOptimism({ value: 0.0171, most: 0.0171 }, percent)).toBe('1.7 %')
})
