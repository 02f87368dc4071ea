/** What the shapes of one column say about numbers: how many there are in each reading, and what stands around them. */
import { numberMarks } from '#lab/datasets/import/columns/missing-marks.ts'
import {
  type Decimal,
  fits,
  type NumberParts,
  parseNumber,
  type Reading,
  readings
} from '#lab/datasets/import/columns/number-parts.ts'
import { hasForeignDigits, type Shape, type Shapes, shapeOf } from '#lab/datasets/import/columns/shapes.ts'

export interface NumberShape extends Shape {
  readonly parts: NumberParts
}

export interface NumberEvidence {
  /** Values that are numbers in the best reading, and all values that are not missing. */
  readonly numbers: number
  readonly values: number
  readonly shapes: readonly NumberShape[]
  /** Readings that make the most values numbers, the plainest first. */
  readonly best: readonly Reading[]
  /** Texts that stand for a missing value in a column of numbers, with their counts. */
  readonly marks: readonly Shape[]
  /** Texts of infinite numbers. */
  readonly infinite: readonly Shape[]
  /** Texts that are no numbers. */
  readonly odd: readonly Shape[]
  readonly foreign: boolean
}

const infinite = /^[+\-\u2212]?(?:inf|infinity|\u221e|9\.#inf)$/i

/** Reads the evidence of a column, with this decimal sign where one is chosen; null where it has no number at all. */
export function evidenceOf({ shapes, others }: Shapes, decimal: Decimal | null): NumberEvidence | null {
  const parsed: NumberShape[] = []
  const marks: Shape[] = []
  const endless: Shape[] = []
  const odd: Shape[] = []
  for (const shape of shapes) {
    if (numberMarks.has(shape.text.toLowerCase())) marks.push(shape)
    else if (infinite.test(shape.text)) endless.push(shape)
    else {
      const parts = parseNumber(shape.text)
      if (parts) parsed.push({ ...shape, parts })
      else odd.push(shape)
    }
  }
  const possible = readings.filter((reading) => decimal === null || reading.decimal === decimal)
  const counts = possible.map((reading) => countOf(parsed.filter(({ parts }) => fits(parts.core, reading))))
  const most = Math.max(...counts)
  if (most === 0) return null
  const best = possible.filter((_, index) => counts[index] === most)
  const reading = best[0] ?? { decimal: '.', group: '' }
  const numbers = parsed.filter(({ parts }) => fits(parts.core, reading))
  odd.push(...parsed.filter(({ parts }) => !fits(parts.core, reading)))
  return {
    numbers: most,
    values: countOf(numbers) + countOf(endless) + countOf(odd) + others,
    shapes: numbers,
    best,
    marks,
    infinite: endless,
    odd: odd.toSorted((a, b) => b.count - a.count),
    foreign: shapes.some(({ example }) => hasForeignDigits(example))
  }
}

/** The evidence of a column whose values are all written plainly, digits and a point. */
export function plainEvidence(values: number, hasPoint: boolean): NumberEvidence {
  const example = hasPoint ? '1.5' : '1'
  const text = shapeOf(example)
  const parts: NumberParts = {
    brackets: false,
    limit: '',
    prefix: '',
    core: text,
    exponent: 'none',
    suffix: '',
    isParted: false
  }
  return {
    numbers: values,
    values,
    shapes: [{ text, count: values, example, parts }],
    best: hasPoint ? readings.filter(({ decimal }) => decimal === '.') : readings,
    marks: [],
    infinite: [],
    odd: [],
    foreign: false
  }
}

/** The decimal sign that a column shows beyond doubt; null where it shows none. */
export function shownDecimal({ best, shapes, numbers, values }: NumberEvidence): Decimal | null {
  const signs = new Set(best.map(({ decimal }) => decimal))
  // Most values must be numbers: dates and versions have points as well.
  if (2 * numbers <= values) return null
  const [only] = signs
  return signs.size === 1 && only && shapes.some(({ parts }) => /[.,]/.test(parts.core)) ? only : null
}

export function countOf(shapes: readonly { readonly count: number }[]): number {
  return shapes.reduce((sum, { count }) => sum + count, 0)
}
