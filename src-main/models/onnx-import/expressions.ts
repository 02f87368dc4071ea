/**
 * Many activations, and layer normalisation of older exporters, are written as several operators. What is made of the sums
 * of a layer is kept as an expression over them, in a form that does not depend on the order in which it was written, until
 * a layer follows; then it is looked up among those that are known.
 */
import { NORMALISATION_EPSILON } from '#engine/network/constants.ts'
import { activation, near, scalarAffine, type Step } from '#lab/models/onnx-import/steps.ts'

/** A factor of a product: the sums themselves, or a function of an expression. */
interface Atom {
  readonly key: string
  /** The steps that make it of the sums, or why there are none. */
  readonly settle: (units: number) => readonly Step[] | string
}

/** scale * product of the atoms + offset. */
export interface Expression {
  readonly scale: number
  readonly offset: number
  readonly atoms: readonly Atom[]
}

const ofAtoms = (atoms: readonly Atom[]): Expression => ({ scale: 1, offset: 0, atoms })

/** The sums of a layer, or the inputs. */
export const sums: Expression = ofAtoms([{ key: 'x', settle: () => [] }])

/** Six places: exporters round their constants to float32. */
const numberKey = (value: number) => String(Number(value.toPrecision(6)))

function productKey({ atoms }: Expression): string {
  return atoms.map(({ key }) => key).join(' ')
}

function keyOf(expression: Expression): string {
  const { scale, offset } = expression
  const factor = near(scale, 1) ? '' : `${numberKey(scale)} `
  const term = offset === 0 ? '' : ` + ${numberKey(offset)}`
  return `${factor}${productKey(expression)}${term}`
}

export function shifted(expression: Expression, term: number): Expression {
  return { ...expression, offset: expression.offset + term }
}

export function scaled(expression: Expression, factor: number): Expression {
  const { scale, offset, atoms } = expression
  return { scale: scale * factor, offset: offset * factor, atoms }
}

/** An expression as one factor. */
function atomOf(expression: Expression): Atom {
  return { key: `(${keyOf(expression)})`, settle: (units) => settle(expression, units) }
}

/** An expression as factors; s p + o is s (p + o / s), so that a product has one number, whoever holds it. */
function factorsOf({ scale, offset, atoms }: Expression): readonly Atom[] {
  return offset === 0 ? atoms : [atomOf({ scale: 1, offset: offset / scale, atoms })]
}

export function product(a: Expression, b: Expression): Expression {
  const atoms = [...factorsOf(a), ...factorsOf(b)].sort((x, y) => (x.key < y.key ? -1 : x.key > y.key ? 1 : 0))
  return { scale: a.scale * b.scale, offset: 0, atoms }
}

/** a + b, or a - b; of constants, shifted() is the one. */
export function sum(a: Expression, b: Expression, sign: 1 | -1): Expression {
  const other = scaled(b, sign)
  const keys = [keyOf(a), keyOf(other)].sort()
  return ofAtoms([namedAtom(`(${keys.join(' + ')})`)])
}

/** f of an expression; `made` is the step that f is, where the engine has it, or why it can't be used. */
export function applied(name: string, expression: Expression, made: Step | string | null, numbers = ''): Expression {
  const key = `${name}[${keyOf(expression)}${numbers}]`
  if (made === null) return ofAtoms([namedAtom(key)])
  return ofAtoms([
    {
      key,
      settle: (units) => {
        const before = typeof made === 'string' ? made : settle(expression, units)
        return typeof before === 'string' || typeof made === 'string' ? before : [...before, made]
      }
    }
  ])
}

function namedAtom(key: string): Atom {
  return { key, settle: () => unknownForm(key) }
}

const halfSquared = '(Erf[0.707107 x] + 1)'

/** Known products of several factors, and known single ones that are no function of the engine. */
const forms: Readonly<Record<string, readonly Step[]>> = {
  'Sigmoid[x] x': [activation('silu')],
  // GELU is half of it.
  [`${halfSquared} x`]: [activation('gelu'), scalarAffine(2, 0)]
}

/** What people call the activations that the engine does not have, by how exporters write them. */
const strangers: readonly (readonly [RegExp, string])[] = [
  [/^Tanh\[Softplus\[x\]\] x$|^Mish\[/, 'Mish'],
  [/^\(-1 Tanh\[x\] \+ x\)$/, 'Tanhshrink (x - tanh x)'],
  [/^Sigmoid\[1\.70\d* x\] x$/, 'quick GELU (x sigmoid(1.702 x))'],
  [/Tanh\[.*x x x.*\]/, 'GELU in its approximation by tanh'],
  [/^HardSwish\[|^Clip\[x \+ 3; 0; 6\] x$|^HardSigmoid\[.*\] x$/, 'HardSwish'],
  [/^Clip\[x; 0; 6\]$/, 'ReLU6'],
  [/^Clip\[x/, 'a clipped line (Hardtanh)'],
  [/^Softsign\[|^inv\[.*Abs\[x\].*\] x$/, 'Softsign'],
  [/^Exp\[x\]$/, 'exp']
]

function unknownForm(key: string): string {
  const [, name] = strangers.find(([pattern]) => pattern.test(key)) ?? []
  return name === undefined
    ? `it computes ${key.length > 80 ? 'something' : key} of the sums of a layer, which is no activation here`
    : `its activation is ${name}, which is none of this lab's`
}

/** The written-out form of layer normalisation, with its epsilon: docs/Operators.md, LayerNormalization. */
const layerNormalisation = new RegExp(
  String.raw`^\(-1 mean\[x\] \+ x\) inv\[Sqrt\[mean\[\(-1 mean\[x\] \+ x\) \(-1 mean\[x\] \+ x\)\] \+ ([\d.e-]+)\]\]$`
)

/**
 * Gives the steps that make an expression of the sums of so many units.
 * Errors: a sentence's end that names what is no activation here.
 */
export function settle(expression: Expression, units: number): readonly Step[] | string {
  const { scale, offset, atoms } = expression
  const key = productKey(expression)
  const [only, ...others] = atoms
  let steps: readonly Step[] | string | undefined = forms[key]
  const normalised = layerNormalisation.exec(key)
  if (normalised) {
    if (!near(normalised[1], NORMALISATION_EPSILON)) return 'its layer normalisation has another epsilon than 0.00001'
    const [gain, shift] = [new Float64Array(units).fill(1), new Float64Array(units)]
    steps = [{ type: 'standardise', gain, shift }]
  }
  steps ??= only && others.length === 0 ? only.settle(units) : unknownForm(key)
  if (typeof steps === 'string' || (scale === 1 && offset === 0)) return steps
  const [last] = steps.slice(-1)
  // Two halves in a row, as GELU makes them, are none.
  if (last?.type === 'affine' && last.factor.length === 1 && offset === 0 && near((last.factor[0] ?? 0) * scale, 1)) {
    if (last.term[0] === 0) return steps.slice(0, -1)
  }
  return [...steps, scalarAffine(scale, offset)]
}

/** Whether an expression is 1 - p, of a sigmoid's p. */
export function isComplement({ scale, offset, atoms }: Expression): boolean {
  return scale === -1 && offset === 1 && isSigmoid({ scale: 1, offset: 0, atoms })
}

export function isSigmoid({ scale, offset, atoms }: Expression): boolean {
  return scale === 1 && offset === 0 && atoms.length === 1 && /^Sigmoid\[/.test(atoms[0]?.key ?? '')
}
