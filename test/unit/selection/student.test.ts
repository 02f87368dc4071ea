/** Student's t against published tables, and against SciPy 1.17 where degrees are no whole numbers. */
import { describe, expect, it } from 'vitest'
import { studentBelow, studentCritical } from '#lab/selection/student.ts'

describe('Student’s t', () => {
  it.each([
    [1, 1, 0.75],
    [2, 4, 0.9419417382415922],
    [-0.5, 7.3, 0.31589676340222084],
    [3, 2.5, 0.9637119522254841],
    [0.01, 0.5, 0.5026966281819476],
    [1.96, 1000, 0.9748634075221256],
    [-30, 4, 3.6764280488306595e-6],
    [0, 3, 0.5]
  ])('lies below %d at %d degrees with the probability %d', (t, degrees, expected) => {
    expect(studentBelow(t, degrees)).toBeCloseTo(expected, 12)
  })

  it.each([
    [1, 0.95, 12.706204736174694],
    [4, 0.95, 2.7764451051977934],
    [9, 0.99, 3.249835541592126],
    [30, 0.95, 2.0422724563012378],
    [2.5, 0.95, 3.5746548420036817],
    [4.7, 0.8, 1.4901550815168034],
    [1.1, 0.95, 10.2768012862812]
  ])('has at %d degrees the two-sided critical value of %d', (degrees, level, expected) => {
    expect(studentCritical(degrees, level)).toBeCloseTo(expected, 8)
  })

  it('is the normal distribution in the end', () => {
    expect(studentCritical(1e7, 0.95)).toBeCloseTo(1.959964, 4)
    expect(studentBelow(Infinity, 3)).toBe(1)
  })
})
