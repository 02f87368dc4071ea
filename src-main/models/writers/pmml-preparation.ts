/** The preparation of raw fields as derived fields of PMML, written from its steps: one field an input of the network. */
import type { Circle, ColumnSteps, NumberSteps, Step, TextSteps } from '#lab/datasets/preparation-steps.ts'

/** Escapes what stands in an attribute or an element; signs that XML does not have become a replacement. */
export function xml(text: string): string {
  // eslint-disable-next-line no-control-regex -- XML 1.0 has none of these, not even escaped.
  const known = text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
  const signs: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    '\t': '&#9;',
    '\n': '&#10;',
    '\r': '&#13;'
  }
  return known.replaceAll(/[&<>"\t\n\r]/g, (sign) => signs[sign] ?? sign)
}

/** Collects derived fields; an expression is its text, or the name of a field that holds it. */
export class DerivedFields {
  readonly lines: string[] = []
  readonly #taken: Set<string>
  readonly #known = new Map<string, string>()

  /** `taken` are the names of the columns. */
  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken)
  }

  /** Gives a field that holds the expression; the same expression is held once. */
  hold(label: string, expression: string): string {
    const known = this.#known.get(expression)
    if (known !== undefined) return known
    let name = label
    for (let next = 2; this.#taken.has(name); next++) name = `${label} (${next})`
    this.#taken.add(name)
    this.lines.push(
      `      <DerivedField name="${xml(name)}" optype="continuous" dataType="double">${expression}</DerivedField>\n`
    )
    this.#known.set(expression, name)
    return name
  }
}

const field = (name: string): string => `<FieldRef field="${xml(name)}"/>`
const number = (value: number): string => `<Constant dataType="double">${value}</Constant>`
const apply = (name: string, ...inputs: readonly string[]): string =>
  `<Apply function="${name}">${inputs.join('')}</Apply>`

/** Adds the inputs of one column; gives the fields that hold them, in their order. */
export function addColumn(derived: DerivedFields, column: ColumnSteps): string[] {
  return column.reads === 'text' ? addText(derived, column) : addNumber(derived, column)
}

function addNumber(derived: DerivedFields, { column, fill, steps }: NumberSteps): string[] {
  const isMissing = apply('isMissing', field(column))
  const filled = derived.hold(`${column}, filled in`, apply('if', isMissing, number(fill), field(column)))
  const sums = new Sums(derived, column)
  return steps.flatMap((step) => {
    switch (step.make) {
      case 'scaled': {
        const value = field(step.of === 'year' ? sums.yearAndMonth(filled).year : filled)
        const scaled = apply('/', apply('-', value, number(step.offset)), number(step.scale))
        const z = derived.hold(`${column}, scaled`, scaled)
        if (!step.smoothClip) return [z]
        const third = apply('/', field(z), number(3))
        const root = apply('sqrt', apply('+', number(1), apply('*', third, third)))
        return [derived.hold(`${column}, clipped`, apply('/', field(z), root))]
      }
      case 'circle': {
        const angle = derived.hold(`${column}, angle`, apply('*', number(2 * Math.PI), shareOf(step.of, filled, sums)))
        return ['sin', 'cos'].map((name) => derived.hold(`${column}, ${name}`, apply(name, field(angle))))
      }
      case 'missing':
        return [derived.hold(`${column}, missing`, apply('if', isMissing, number(1), number(0)))]
      case 'one-hot':
      case 'coded':
        // Of texts alone.
        return []
    }
  })
}

function shareOf(of: Circle, value: string, sums: Sums): string {
  const fraction = (x: string) => apply('-', x, apply('floor', x))
  switch (of) {
    case 'month':
      return apply('/', field(sums.yearAndMonth(value).month), number(12))
    case 'weekday':
      return fraction(apply('/', apply('+', apply('floor', field(value)), number(3)), number(7)))
    case 'day-of-date':
      return fraction(field(value))
    case 'day-of-clock':
      return fraction(apply('/', field(value), number(24)))
  }
}

/** Arithmetic whose steps are fields of their own, so that none is written twice. */
class Sums {
  readonly #derived: DerivedFields
  readonly #column: string

  constructor(derived: DerivedFields, column: string) {
    this.#derived = derived
    this.#column = column
  }

  /** Year and month (January is 0) of days since 1970-01-01, as datasets/calendar.ts has them. */
  yearAndMonth(value: string): { year: string; month: string } {
    const hold = (expression: string) => field(this.#derived.hold(`${this.#column}, calendar`, expression))
    const whole = (x: string, by: number) => hold(apply('floor', apply('/', x, number(by))))
    const sum = (a: string, b: string) => hold(apply('+', a, b))
    const difference = (a: string, b: string) => hold(apply('-', a, b))
    const times = (x: string, by: number) => hold(apply('*', x, number(by)))
    const shifted = sum(hold(apply('floor', field(value))), number(719_468))
    const era = whole(shifted, 146_097)
    const ofEra = difference(shifted, times(era, 146_097))
    const leapless = difference(sum(difference(ofEra, whole(ofEra, 1460)), whole(ofEra, 36_524)), whole(ofEra, 146_096))
    const yearOfEra = whole(leapless, 365)
    const before = difference(sum(times(yearOfEra, 365), whole(yearOfEra, 4)), whole(yearOfEra, 100))
    const fromMarch = whole(sum(times(difference(ofEra, before), 5), number(2)), 153)
    const isNext = hold(apply('if', apply('greaterOrEqual', fromMarch, number(10)), number(1), number(0)))
    const name = (label: string, expression: string) => this.#derived.hold(`${this.#column}, ${label}`, expression)
    return {
      year: name('year', apply('+', sum(yearOfEra, times(era, 400)), isNext)),
      month: name('month', apply('-', sum(fromMarch, number(2)), times(isNext, 12)))
    }
  }
}

function addText(derived: DerivedFields, { column, levels, aliases, fill, steps }: TextSteps): string[] {
  const isMissing = apply('isMissing', field(column))
  const spellings = levels.map((level, place) => [
    level,
    ...aliases.flatMap(([other, at]) => (at === place ? [other] : []))
  ])
  const texts = (of: readonly string[]) =>
    of.map((text) => `<Constant dataType="string">${xml(text)}</Constant>`).join('')
  const isOf = (of: readonly string[]) => apply('isIn', field(column), texts(of))
  /** Chosen one after the other: what a missing value and any unknown one become is told apart. */
  const choose = (whenMissing: number, whenOf: string) => apply('if', isMissing, number(whenMissing), whenOf)
  const oneHot = (step: Extract<Step, { make: 'one-hot' }>) => [
    ...levels.map((level, place) => {
      const is = apply('if', isOf(spellings[place] ?? []), number(1), number(0))
      return derived.hold(`${column} = ${level}`, choose(fill === place ? 1 : 0, is))
    }),
    ...(step.other
      ? [derived.hold(`${column}, other`, choose(0, otherThan(levels.length === 0 ? null : isOf(spellings.flat()))))]
      : [])
  ]
  return steps.flatMap((step) => {
    if (step.make === 'one-hot') return oneHot(step)
    if (step.make === 'missing') return [derived.hold(`${column}, missing`, choose(1, number(0)))]
    if (step.make !== 'coded') return []
    const code = (place: number) => (place < 0 ? 0 : (step.codes[place] ?? 0))
    const chain = levels.reduceRight(
      (otherwise, _, place) => apply('if', isOf(spellings[place] ?? []), number(code(place)), otherwise),
      number(code(levels.length))
    )
    return [derived.hold(`${column}, in numbers`, choose(code(fill), chain))]
  })
}

function otherThan(isKnown: string | null): string {
  return isKnown === null ? number(1) : apply('if', isKnown, number(0), number(1))
}
