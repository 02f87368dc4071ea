/**
 * An ONNX model as plain data: the part of the format that the exports use. encode.ts and decode.ts turn it into bytes
 * and back, evaluate.ts runs it. Source: onnx/onnx.proto and docs/Operators.md of github.com/onnx/onnx.
 */

export type Attribute =
  | { readonly kind: 'int' | 'float'; readonly value: number }
  | { readonly kind: 'ints' | 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'strings'; readonly value: readonly string[] }

export interface Node {
  readonly op: string
  /** Empty for ai.onnx. */
  readonly domain: '' | 'ai.onnx.ml'
  readonly inputs: readonly string[]
  readonly output: string
  readonly attributes: Readonly<Record<string, Attribute>>
}

export interface Constant {
  readonly name: string
  readonly dims: readonly number[]
  readonly values: Float32Array | Float64Array | BigInt64Array
}

/** A matrix or a list with one row or item a sample. */
export interface Port {
  readonly name: string
  readonly type: 'float' | 'double' | 'string'
  /** Null for a list. */
  readonly columns: number | null
}

export interface OnnxModel {
  readonly producerVersion: string
  readonly description: string
  readonly inputs: readonly Port[]
  readonly outputs: readonly Port[]
  readonly nodes: readonly Node[]
  readonly constants: readonly Constant[]
  readonly metadata: Readonly<Record<string, string>>
}

/** Numbers of the format for types of tensors. */
export const tensorTypes = { float: 1, int32: 6, int64: 7, string: 8, double: 11 } as const

/** Who writes; each file says so. */
export const producer = 'Topology Lab'

/** Keys of the metadata: the tensor where the network begins behind its preparation, and the inputs it reads, as JSON. */
export const metadataKeys = { networkInput: 'networkInput', inputs: 'inputs' } as const

/** Versions that what is installed today reads: IR 8 and opset 17 of 2022, ai.onnx.ml 3. */
export const versions = { ir: 8, onnx: 17, ml: 3 } as const

/** Collects nodes and constants; names of tensors in between never meet those of columns. */
export class GraphBuilder {
  readonly nodes: Node[] = []
  readonly constants: Constant[] = []
  readonly #taken: Set<string>

  constructor(taken: readonly string[]) {
    this.#taken = new Set(taken)
  }

  /** Adds a node and gives the name of its output: the wanted one, if given, else a new one. */
  add(op: string, inputs: readonly string[], attributes: Node['attributes'] = {}, output = this.#name(op)): string {
    const domain = op === 'LabelEncoder' ? 'ai.onnx.ml' : ''
    this.nodes.push({ op, domain, inputs, output, attributes })
    return output
  }

  /** Adds a constant and gives its name. */
  constant(label: string, values: Constant['values'], dims: readonly number[] = [values.length]): string {
    const name = this.#name(label)
    this.constants.push({ name, dims, values })
    return name
  }

  #name(label: string): string {
    let name = label
    for (let next = 1; this.#taken.has(name); next++) name = `${label}_${next}`
    this.#taken.add(name)
    return name
  }
}
