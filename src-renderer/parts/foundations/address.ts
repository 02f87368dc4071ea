/**
 * The state of a station as text for the page's address, and back: `rate=0.5&points=0,1,1;2,3,0`. Only what differs from
 * the station's own start is written. What comes from an address is checked field by field; one that makes no sense is
 * refused with a sentence, and the station starts as usual.
 */

/** One field of a state. */
export interface AddressField<Value> {
  readonly start: Value
  /** Undefined for a text that makes no sense. */
  read(text: string): Value | undefined
  write(value: Value): string
  /** What it takes, in words: `a number from 0 to 1`. */
  readonly takes: string
}

type Fields = Readonly<Record<string, AddressField<unknown>>>
export type StateOf<F extends Fields> = {
  -readonly [Name in keyof F]: F[Name] extends AddressField<infer V> ? V : never
}

export interface AddressReading<State> {
  readonly state: State
  /** Why the address was refused; null where it was not. */
  readonly problem: string | null
}

export interface Address<State> {
  readonly read: (text: string) => AddressReading<State>
  readonly write: (state: State) => string
}

/** Longer ones are refused before they are looked at. */
const longest = 40_000

/** Makes the codec of a station's state. */
export function addressOf<F extends Fields>(fields: F): Address<StateOf<F>> {
  const names = Object.keys(fields)
  const start = () => Object.fromEntries(names.map((name) => [name, fields[name]?.start])) as StateOf<F>
  const refuse = (sentence: string) => ({ state: start(), problem: `${sentence} The station starts as usual.` })

  function read(text: string): AddressReading<StateOf<F>> {
    if (text.length > longest) return refuse('The address is too long.')
    const state: Record<string, unknown> = start()
    for (const part of text === '' ? [] : text.split('&')) {
      const [name = '', value = ''] = split(part, '=')
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined
      if (!field) return refuse(`The address names "${name.slice(0, 40)}", which this station does not have.`)
      const known = field.read(value)
      if (known === undefined) {
        return refuse(`In the address, ${name} is "${value.slice(0, 40)}"; it takes ${field.takes}.`)
      }
      state[name] = known
    }
    return { state: state as StateOf<F>, problem: null }
  }

  function write(state: StateOf<F>): string {
    return names
      .flatMap((name) => {
        const field = fields[name]
        if (!field) return []
        const text = field.write(state[name])
        return text === field.write(field.start) ? [] : [`${name}=${text}`]
      })
      .join('&')
  }

  return { read, write }
}

/** A number within a range. */
export function numberField(start: number, low: number, high: number): AddressField<number> {
  return {
    start,
    read: (text) => within(numberOf(text), low, high),
    write: (value) => `${value}`,
    takes: `a number from ${low} to ${high}`
  }
}

/** A whole number within a range. */
export function countField(start: number, low: number, high: number): AddressField<number> {
  return {
    start,
    read: (text) => (/^-?\d+$/.test(text) ? within(Number(text), low, high) : undefined),
    write: (value) => `${value}`,
    takes: `a whole number from ${low} to ${high}`
  }
}

/** One of some names. */
export function choiceField<const Names extends readonly [string, ...string[]]>(
  names: Names
): AddressField<Names[number]> {
  return {
    start: names[0],
    read: (text) => names.find((name: Names[number]) => name === text),
    write: (value) => value,
    takes: `one of ${names.join(', ')}`
  }
}

/** A switch. */
export function switchField(start: boolean): AddressField<boolean> {
  return {
    start,
    read: (text) => (text === '1' ? true : text === '0' ? false : undefined),
    write: (value) => (value ? '1' : '0'),
    takes: '1 or 0'
  }
}

/** Numbers, so many of them; each within a range. */
export function numbersField(
  start: readonly number[],
  low: number,
  high: number,
  most = start.length,
  least = start.length
): AddressField<readonly number[]> {
  return {
    start,
    read: (text) => {
      const values = text === '' ? [] : text.split(',').map((part) => within(numberOf(part), low, high))
      return values.length >= least && values.length <= most && values.every((value) => value !== undefined)
        ? values
        : undefined
    },
    write: (values) => values.join(','),
    takes: `${least === most ? least : `${least} to ${most}`} numbers from ${low} to ${high}`
  }
}

/** Lists of whole numbers `1,2;3`, such as the weights of some units. */
export function rowsField(
  start: readonly (readonly number[])[],
  low: number,
  high: number,
  most: { readonly rows: number; readonly length: number }
): AddressField<readonly (readonly number[])[]> {
  return {
    start,
    read: (text) => {
      const rows = text.split(';').map((row) => row.split(',').map((part) => within(numberOf(part), low, high)))
      const fits = rows.length <= most.rows && rows.every((row) => row.length <= most.length)
      return fits && rows.flat().every((value) => Number.isInteger(value)) ? (rows as number[][]) : undefined
    },
    write: (rows) => rows.map((row) => row.join(',')).join(';'),
    takes: `at most ${most.rows} lists of at most ${most.length} whole numbers from ${low} to ${high}`
  }
}

/** A point of a figure, with its class or its target where it has one. */
export interface Point {
  readonly x: number
  readonly y: number
  readonly t: number
}

/** Points `x,y,t;x,y,t`, x and y within `bound` of 0, t one of `targets`. */
export function pointsField(
  start: readonly Point[],
  targets: readonly number[],
  bound = 100,
  most = 400
): AddressField<readonly Point[]> {
  const pointOf = (text: string): Point | undefined => {
    const [x, y, t] = text.split(',').map((part) => within(numberOf(part), -bound, bound))
    if (x === undefined || y === undefined || t === undefined || text.split(',').length !== 3) return undefined
    return targets.includes(t) ? { x, y, t } : undefined
  }
  return {
    start,
    read: (text) => {
      const points = text === '' ? [] : text.split(';').map(pointOf)
      return points.length <= most && points.every((point) => point !== undefined) ? points : undefined
    },
    write: (points) => points.map(({ x, y, t }) => `${x},${y},${t}`).join(';'),
    takes: `at most ${most} points x,y,t with t of ${targets.join(', ')}`
  }
}

/** Numbers of figures are kept as they are shown and written: to a thousandth. */
export const rounded = (value: number): number => Math.round(value * 1000) / 1000

function numberOf(text: string): number | undefined {
  return /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(text) ? Number(text) : undefined
}

function within(value: number | undefined, low: number, high: number): number | undefined {
  return value !== undefined && value >= low && value <= high ? value : undefined
}

function split(text: string, by: string): [string, string] {
  const at = text.indexOf(by)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
