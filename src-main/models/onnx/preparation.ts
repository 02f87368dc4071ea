/**
 * The preparation of raw columns as nodes of an ONNX graph, written from its steps. Numbers that are only scaled go side by
 * side through one set of nodes; every other column has nodes of its own.
 */
import { LabError } from '#contract/errors.ts'
import type { Circle, ColumnSteps, NumberSteps, Step, TextSteps } from '#lab/datasets/preparation-steps.ts'
import { inputsOfStep } from '#lab/datasets/preparation-steps.ts'
import { type Attribute, type GraphBuilder, type Port, tensorTypes } from '#lab/models/onnx/graph.ts'

export interface TypedColumn {
  readonly column: ColumnSteps
  /** Of its tensor: `double` and `float` for numbers. */
  readonly type: Port['type']
}

/** A matrix of some inputs, with the place of each among all of them. */
interface Block {
  readonly name: string
  readonly places: readonly number[]
}

const int = (value: number): Attribute => ({ kind: 'int', value })

/**
 * Adds the preparation; gives the name of the matrix the network reads.
 * Errors: LabError 'bad_settings' for a column with an empty text as a level, which here means a missing value.
 */
export function addPreparation(graph: GraphBuilder, columns: readonly TypedColumn[]): string {
  let width = 0
  const placed = columns.map((typed) => {
    const place = width
    width += typed.column.steps.reduce((sum, step) => sum + inputsOfStep(step), 0)
    return { ...typed, place }
  })
  const plain = placed.flatMap(({ column, type, place }) =>
    column.reads !== 'text' && isPlain(column.steps) ? [{ column, type, place }] : []
  )
  const isTogether = new Set(plain.map(({ column }) => column))
  const alike = [...Map.groupBy(plain, ({ column }) => isSmooth(column)).values()]
  const blocks = [
    ...alike.flatMap((columns) => addNumbers(graph, columns)),
    ...placed.flatMap(({ column, type, place }) => {
      if (column.reads === 'text') return addText(graph, column, place)
      return isTogether.has(column) ? [] : addNumber(graph, column, type, place)
    })
  ]
  const matrix = graph.add(
    'Concat',
    blocks.map(({ name }) => name),
    { axis: int(1) }
  )
  const places = blocks.flatMap((block) => block.places)
  if (places.every((place, index) => place === index)) return matrix
  const order = BigInt64Array.from(places.keys(), BigInt)
  places.forEach((place, index) => (order[place] = BigInt(index)))
  return graph.add('Gather', [matrix, graph.constant('input_order', order)], { axis: int(1) })
}

/** A number that is scaled, with or without an input that tells it was missing. */
function isPlain([first, second, third]: readonly Step[]): boolean {
  const isScaled = first?.make === 'scaled' && first.of === 'value'
  return isScaled && (second === undefined || second.make === 'missing') && third === undefined
}

function isSmooth({ steps: [step] }: ColumnSteps): boolean {
  return step?.make === 'scaled' && step.smoothClip === true
}

type PlacedNumber = { readonly column: NumberSteps; readonly type: Port['type']; readonly place: number }

function addNumbers(graph: GraphBuilder, columns: readonly PlacedNumber[]): Block[] {
  // Floats first, as one Concat takes tensors of one type.
  const sorted = [...columns.filter(({ type }) => type === 'float'), ...columns.filter(({ type }) => type === 'double')]
  const asDoubles = (['float', 'double'] as const).flatMap((type) => {
    const names = columns.filter((column) => column.type === type).map(({ column }) => column.column)
    if (names.length === 0) return []
    const joined = graph.add('Concat', names, { axis: int(1) })
    return [type === 'double' ? joined : graph.add('Cast', [joined], { to: int(tensorTypes.double) })]
  })
  const [first = ''] = asDoubles
  const numbers = asDoubles.length === 1 ? first : graph.add('Concat', asDoubles, { axis: int(1) })
  const row = (label: string, of: (column: NumberSteps) => number) =>
    graph.constant(
      label,
      Float64Array.from(sorted, ({ column }) => of(column)),
      [1, sorted.length]
    )
  const { filled, missing } = addFill(
    graph,
    numbers,
    row('fill', ({ fill }) => fill)
  )
  const scaleOf = ({ steps: [step] }: NumberSteps) => (step?.make === 'scaled' ? step : { offset: 0, scale: 1 })
  const shifted = graph.add('Sub', [filled, row('offset', (column) => scaleOf(column).offset)])
  const divided = graph.add('Div', [shifted, row('scale', (column) => scaleOf(column).scale)])
  const isClipped = sorted.some(({ column }) => isSmooth(column))
  const clipped = isClipped ? clipSmoothly(graph, divided) : divided
  const scaled = { name: toFloat(graph, clipped), places: sorted.map(({ place }) => place) }
  const flagged = sorted.flatMap(({ column }, index) => (column.steps.length > 1 ? [index] : []))
  if (flagged.length === 0) return [scaled]
  const chosen = graph.constant('flagged', BigInt64Array.from(flagged, BigInt))
  const flags = graph.add('Gather', [toFloat(graph, missing), chosen], { axis: int(1) })
  return [scaled, { name: flags, places: flagged.map((index) => (sorted[index]?.place ?? 0) + 1) }]
}

/** z / sqrt(1 + (z / 3)^2), in doubles. */
function clipSmoothly(graph: GraphBuilder, z: string): string {
  const third = graph.add('Div', [z, graph.constant('three', Float64Array.of(3))])
  const sum = graph.add('Add', [graph.add('Mul', [third, third]), graph.constant('one', Float64Array.of(1))])
  return graph.add('Div', [z, graph.add('Sqrt', [sum])])
}

/** Puts the fill in the place of what is no finite number. */
function addFill(graph: GraphBuilder, numbers: string, fill: string): { filled: string; missing: string } {
  const missing = graph.add('Or', [graph.add('IsNaN', [numbers]), graph.add('IsInf', [numbers])])
  return { filled: graph.add('Where', [missing, fill, numbers]), missing }
}

function toFloat(graph: GraphBuilder, name: string): string {
  return graph.add('Cast', [name], { to: int(tensorTypes.float) })
}

/** A date, or a time of day: each of its steps by itself. */
function addNumber(graph: GraphBuilder, column: NumberSteps, type: Port['type'], place: number): Block[] {
  const raw = type === 'double' ? column.column : graph.add('Cast', [column.column], { to: int(tensorTypes.double) })
  const sums = new Arithmetic(graph)
  const { filled, missing } = addFill(graph, raw, sums.number(column.fill))
  const blocks: Block[] = []
  let at = place
  for (const step of column.steps) {
    const places = Array.from({ length: inputsOfStep(step) }, (_, index) => at + index)
    at += places.length
    if (step.make === 'missing') blocks.push({ name: toFloat(graph, missing), places })
    else if (step.make === 'scaled') {
      const value = step.of === 'year' ? sums.yearAndMonth(filled).year : filled
      blocks.push({
        name: toFloat(graph, sums.div(sums.sub(value, sums.number(step.offset)), sums.number(step.scale))),
        places
      })
    } else if (step.make === 'circle') {
      // A share of the round loses nothing that counts as a float, for which every runtime has a sine.
      const angle = graph.add('Mul', [
        toFloat(graph, shareOf(step.of, filled, sums)),
        graph.constant('round', Float32Array.of(2 * Math.PI))
      ])
      for (const [index, name] of [graph.add('Sin', [angle]), graph.add('Cos', [angle])].entries()) {
        blocks.push({ name, places: [places[index] ?? 0] })
      }
    }
  }
  return blocks
}

function shareOf(of: Circle, value: string, sums: Arithmetic): string {
  const fraction = (x: string) => sums.sub(x, sums.floor(x))
  switch (of) {
    case 'month':
      return sums.div(sums.yearAndMonth(value).month, sums.number(12))
    case 'weekday':
      return fraction(sums.div(sums.add(sums.floor(value), sums.number(3)), sums.number(7)))
    case 'day-of-date':
      return fraction(value)
    case 'day-of-clock':
      return fraction(sums.div(value, sums.number(24)))
  }
}

/** Arithmetic with doubles; what was reckoned once is not reckoned again. */
class Arithmetic {
  readonly #graph: GraphBuilder
  readonly #known = new Map<string, string>()

  constructor(graph: GraphBuilder) {
    this.#graph = graph
  }

  number(value: number): string {
    return this.#once(`number ${value}`, () => this.#graph.constant('number', Float64Array.of(value)))
  }

  add = (a: string, b: string): string => this.#node('Add', a, b)
  sub = (a: string, b: string): string => this.#node('Sub', a, b)
  mul = (a: string, b: string): string => this.#node('Mul', a, b)
  div = (a: string, b: string): string => this.#node('Div', a, b)
  floor = (x: string): string => this.#node('Floor', x)

  /** Year and month (January is 0) of days since 1970-01-01, as datasets/calendar.ts has them. */
  yearAndMonth(value: string): { year: string; month: string } {
    const n = (number: number) => this.number(number)
    const whole = (x: string, by: number) => this.floor(this.div(x, n(by)))
    const shifted = this.add(this.floor(value), n(719_468))
    const era = whole(shifted, 146_097)
    const ofEra = this.sub(shifted, this.mul(era, n(146_097)))
    const leapless = this.sub(
      this.add(this.sub(ofEra, whole(ofEra, 1460)), whole(ofEra, 36_524)),
      whole(ofEra, 146_096)
    )
    const yearOfEra = whole(leapless, 365)
    const before = this.sub(this.add(this.mul(yearOfEra, n(365)), whole(yearOfEra, 4)), whole(yearOfEra, 100))
    const ofYear = this.sub(ofEra, before)
    const fromMarch = whole(this.add(this.mul(ofYear, n(5)), n(2)), 153)
    // From March on 2 more; January and February, which are 10 and 11 from March, are 0 and 1 of the next year.
    const isNext = this.#once(`next ${fromMarch}`, () =>
      this.#graph.add('Cast', [this.#graph.add('GreaterOrEqual', [fromMarch, n(10)])], {
        to: int(tensorTypes.double)
      })
    )
    return {
      year: this.add(this.add(yearOfEra, this.mul(era, n(400))), isNext),
      month: this.sub(this.add(fromMarch, n(2)), this.mul(isNext, n(12)))
    }
  }

  #node(op: string, ...inputs: string[]): string {
    return this.#once(`${op} ${inputs.join(' ')}`, () => this.#graph.add(op, inputs))
  }

  #once(key: string, make: () => string): string {
    const known = this.#known.get(key) ?? make()
    this.#known.set(key, known)
    return known
  }
}

/** Levels become their places, or the code that stands at them. */
function addText(graph: GraphBuilder, column: TextSteps, place: number): Block[] {
  const { levels, aliases, fill } = column
  if (levels.includes('')) {
    throw new LabError(
      'bad_settings',
      `"${column.column}" has an empty text as a level, which in ONNX stands for a missing value. Choose another format.`,
      { column: column.column }
    )
  }
  const keys: Attribute = { kind: 'strings', value: [...levels, ...aliases.map(([other]) => other), ''] }
  const known = [...levels.keys(), ...aliases.map(([, at]) => at)]
  const blocks: Block[] = []
  let at = place
  for (const step of column.steps) {
    const places = Array.from({ length: inputsOfStep(step) }, (_, index) => at + index)
    at += places.length
    if (places.length === 0) continue
    if (step.make === 'one-hot') {
      blocks.push({ name: addOneHot(graph, column.column, keys, [...known, fill], step, levels.length), places })
    } else if (step.make === 'coded') {
      const code = (index: number): number => step.codes[index] ?? 0
      const name = addCodes(graph, column.column, keys, [...known.map(code), code(fill)], code(levels.length))
      blocks.push({ name, places })
    } else if (step.make === 'missing') {
      const name = addCodes(graph, column.column, { kind: 'strings', value: [''] }, [1], 0)
      blocks.push({ name, places })
    }
  }
  return blocks
}

function addCodes(
  graph: GraphBuilder,
  column: string,
  keys: Attribute,
  codes: readonly number[],
  other: number
): string {
  return graph.add('LabelEncoder', [column], {
    keys_strings: keys,
    values_floats: { kind: 'floats', value: codes },
    default_float: { kind: 'float', value: other }
  })
}

/** OneHot leaves a place beyond the last one all 0. */
function addOneHot(
  graph: GraphBuilder,
  column: string,
  keys: Attribute,
  places: readonly number[],
  step: Extract<Step, { make: 'one-hot' }>,
  other: number
): string {
  const width = step.levels + (step.other ? 1 : 0)
  const encoder: Record<string, Attribute> = {
    keys_strings: keys,
    values_int64s: { kind: 'ints', value: places.map((place) => (place < 0 ? width : place)) },
    default_int64: int(other)
  }
  const place = graph.add('LabelEncoder', [column], encoder)
  const list = graph.add('Reshape', [place, graph.constant('list', BigInt64Array.of(-1n))])
  const depth = graph.constant('depth', BigInt64Array.of(BigInt(width)))
  return graph.add('OneHot', [list, depth, graph.constant('off_on', Float32Array.of(0, 1))], { axis: int(-1) })
}
