/**
 * Hidden layers as text: `64x32`, `64:tanh:dropout=0.2 x 32`, `2a x a`, `none`. The one reader and writer of it, for the
 * window, the CLI and sweeps. Sizes may follow the data: `i` inputs, `o` outputs, `a` their mean (as in Weka), with
 * + - * / and parentheses; what is computed is rounded, and is at least 1.
 */
import { type ActivationName, hiddenActivationNames } from '#engine/network/activations.ts'
import { type Layer, topologyLimits } from '#engine/network/topology.ts'

/** What sizes may follow: the inputs and outputs of the network that the layers stand in. */
export interface DataShape {
  readonly inputs: number
  readonly outputs: number
}

/** A layer as written: its size may still wait for the data, its activation for the one that unnamed layers get. */
export interface LayerTemplate extends Omit<Layer, 'units' | 'activation'> {
  /** The size as written, without spaces. */
  readonly size: string
  readonly followsData: boolean
  readonly unitsFor: (shape: DataShape) => number
  readonly activation: ActivationName | null
}

/** What hover help and `lab train --help` say of the text. */
export const topologyTextHelp =
  'Units of each hidden layer, first to last, joined by x: 64x32; none for no hidden layer. Sizes may follow the data: ' +
  'i inputs, o outputs, a their mean, with + - * / and parentheses: 2a x i/2. After a colon come the activation, ' +
  'batchnorm or layernorm, dropout=0.2 and slope=0.05 (of leaky_relu): 64:tanh:dropout=0.2 x 32:relu:batchnorm.'

const normalisations = { batchnorm: 'batch', batch: 'batch', layernorm: 'layer', layer: 'layer' } as const
const shares = ['dropout', 'slope'] as const
/** Longest first, so that no word is cut short by another; words end where the x of the next layer begins. */
const words = [...hiddenActivationNames, ...Object.keys(normalisations), ...shares].sort((a, b) => b.length - a.length)

/**
 * Reads hidden layers, with sizes that may follow the data.
 * Errors: throws RangeError with a sentence that names the part it can't read.
 */
export function readTemplate(text: string): LayerTemplate[] {
  const trimmed = text.trim().toLowerCase()
  if (trimmed === '' || trimmed === 'none' || trimmed === '0') return []
  const reader = new Reader(trimmed)
  const layers = [readLayer(reader)]
  while (!reader.isAtEnd()) {
    if (!reader.take('x') && !reader.take('\u00d7')) throw noLayer(reader.wordAround())
    layers.push(readLayer(reader))
  }
  const most = topologyLimits.layers - 1
  if (layers.length > most)
    throw new RangeError(`A network has at most ${most} hidden layers; here are ${layers.length}.`)
  return layers
}

/**
 * Gives a template the sizes that follow from the data, and `activation` to layers that name none.
 * Errors: throws RangeError where a size goes beyond the limits.
 */
export function fillTemplate(
  template: readonly LayerTemplate[],
  shape: DataShape,
  activation: ActivationName
): Layer[] {
  return template.map(({ size, unitsFor, activation: own, followsData: _, ...options }) => {
    const units = Math.max(1, Math.round(unitsFor(shape)))
    checkUnits(size, units)
    return { units, activation: own ?? activation, ...options }
  })
}

/**
 * Reads hidden layers for a network of this shape; layers without an activation of their own get `activation`.
 * Errors: throws RangeError with a sentence that names the part it can't read.
 */
export function parseHidden(text: string, shape: DataShape, activation: ActivationName): Layer[] {
  return fillTemplate(readTemplate(text), shape, activation)
}

/** A layer with the size that a person wrote for it, where that is not its number. */
export type WrittenLayer = Layer & { readonly size?: string | undefined }

/** Writes hidden layers as text that parseHidden reads back; activations are left out that are the `unnamed` one. */
export function writeHidden(layers: readonly WrittenLayer[], unnamed: ActivationName | null): string {
  if (layers.length === 0) return 'none'
  const parts = layers.map((layer) => {
    const { units, size = `${units}`, activation, normalisation, dropout = 0, slope } = layer
    return [
      size,
      activation === unnamed ? '' : activation,
      normalisation ? `${normalisation}norm` : '',
      dropout > 0 ? `dropout=${dropout}` : '',
      slope === undefined ? '' : `slope=${slope}`
    ].filter((part) => part !== '')
  })
  const isPlain = parts.every((part) => part.length === 1 && /^\d+$/.test(part[0] ?? ''))
  return parts.map((part) => part.join(':')).join(isPlain ? 'x' : ' x ')
}

/** The activation that all layers share; null where they differ, or where there are none. */
export function sharedActivation(layers: readonly Layer[]): ActivationName | null {
  const [first] = layers
  return first && layers.every(({ activation }) => activation === first.activation) ? first.activation : null
}

function readLayer(reader: Reader): LayerTemplate {
  const start = reader.position
  const unitsFor = readSum(reader)
  const size = reader.textFrom(start).replaceAll(/\s/g, '')
  const followsData = /[ioa]/.test(size)
  if (!followsData) checkUnits(size, unitsFor({ inputs: 1, outputs: 1 }))
  let layer: LayerTemplate = { size, followsData, unitsFor, activation: null }
  while (reader.take(':')) layer = { ...layer, ...readOption(reader) }
  return layer
}

function readOption(reader: Reader): Partial<LayerTemplate> {
  const word = reader.takeWord(words)
  const activation = hiddenActivationNames.find((name) => name === word)
  if (activation) return { activation }
  const share = shares.find((name) => name === word)
  if (share) return { [share]: readShare(reader, share) }
  if (word && Object.hasOwn(normalisations, word)) {
    return { normalisation: normalisations[word as keyof typeof normalisations] }
  }
  throw new RangeError(
    `"${reader.wordAround()}" is no activation for hidden layers; there are ${hiddenActivationNames.join(', ')}, and ` +
      'beside them batchnorm, layernorm, dropout=0.2 and slope=0.05.'
  )
}

function readShare(reader: Reader, name: string): number {
  const value = reader.take('=') ? reader.takeNumber() : null
  const share = value !== null && reader.take('%') ? value / 100 : value
  if (share === null) throw new RangeError(`Write a share after ${name}, such as ${name}=0.2.`)
  if (share >= 0 && share < 1) return share
  throw new RangeError(`${name}=${share} is no share: it must be from 0 to below 1.`)
}

type Size = (shape: DataShape) => number

function readSum(reader: Reader): Size {
  let left = readProduct(reader)
  for (;;) {
    const before = left
    if (reader.take('+')) {
      const right = readProduct(reader)
      left = (shape) => before(shape) + right(shape)
    } else if (reader.take('-')) {
      const right = readProduct(reader)
      left = (shape) => before(shape) - right(shape)
    } else return left
  }
}

function readProduct(reader: Reader): Size {
  let left = readFactor(reader)
  for (;;) {
    const before = left
    if (reader.take('/')) {
      const right = readFactor(reader)
      left = (shape) => before(shape) / right(shape)
    } else if (reader.take('*') || reader.isAt(/[ioa(]/)) {
      const right = readFactor(reader)
      left = (shape) => before(shape) * right(shape)
    } else return left
  }
}

function readFactor(reader: Reader): Size {
  if (reader.take('(')) {
    const inner = readSum(reader)
    if (!reader.take(')')) throw new RangeError('A parenthesis of the topology is not closed.')
    return inner
  }
  const number = reader.takeNumber()
  if (number !== null) return () => number
  if (reader.isAt(/[ioa](?![a-wyz_])/)) {
    if (reader.take('i')) return ({ inputs }) => inputs
    if (reader.take('o')) return ({ outputs }) => outputs
    if (reader.take('a')) return ({ inputs, outputs }) => (inputs + outputs) / 2
  }
  throw noLayer(reader.wordAround())
}

/** A place in the text; spaces between what is taken do not count. */
class Reader {
  readonly #text: string
  position = 0

  constructor(text: string) {
    this.#text = text
  }

  isAtEnd(): boolean {
    return this.#skip() >= this.#text.length
  }

  isAt(pattern: RegExp): boolean {
    return new RegExp(pattern.source, 'y').test(this.#text.slice(this.#skip()))
  }

  take(token: string): boolean {
    if (!this.#text.startsWith(token, this.#skip())) return false
    this.position += token.length
    return true
  }

  takeNumber(): number | null {
    const [digits] = /^\d+(\.\d+)?/.exec(this.#text.slice(this.#skip())) ?? []
    if (digits === undefined) return null
    this.position += digits.length
    return Number(digits)
  }

  /** Takes the longest of the words that stands here whole, up to an x that begins the next layer. */
  takeWord(known: readonly string[]): string | null {
    const here = this.#text.slice(this.#skip())
    const word = known.find((each) => here.startsWith(each) && !/^[a-wyz_]/.test(here.slice(each.length)))
    if (word !== undefined) this.position += word.length
    return word ?? null
  }

  textFrom(start: number): string {
    return this.#text.slice(start, this.position)
  }

  /** The whole part at the position, for a sentence that names it. */
  wordAround(): string {
    const [before = ''] = /[^\sx\u00d7:]*$/.exec(this.#text.slice(0, this.#skip())) ?? []
    const [after = ''] = /^[^\s:]*/.exec(this.#text.slice(this.position)) ?? []
    return before + after
  }

  #skip(): number {
    while (this.#text[this.position] === ' ') this.position++
    return this.position
  }
}

function checkUnits(size: string, units: number): void {
  if (!Number.isInteger(units)) throw noLayer(size)
  if (units >= 1 && units <= topologyLimits.units) return
  const what = /^\d+$/.test(size) ? `"${size}" asks for ${size}` : `"${size}" gives ${units}`
  throw new RangeError(`A layer has 1 to ${topologyLimits.units} units; ${what}.`)
}

function noLayer(part: string): RangeError {
  const what = part === '' ? 'A layer is missing in the topology' : `"${part}" is no layer`
  return new RangeError(`${what}: write units, or units:activation, joined by x, such as 64x32, or a size like 2a.`)
}
