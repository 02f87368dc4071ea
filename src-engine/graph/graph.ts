/**
 * A computation graph of scalars in float64, of three kinds of nodes: input, parameter, compute.
 * Values are computed as nodes are added; gradients go back through the graph from one node, and each step can be read.
 * For explanation and for gradient checks, not for training.
 */
import { type OperationName, operationOf } from '#engine/graph/operations.ts'

interface NodeBase {
  /** Its place in the graph; inputs of a node come before it. */
  readonly id: number
  readonly label: string
  readonly value: number
}

export interface InputNode extends NodeBase {
  readonly kind: 'input'
}

export interface ParameterNode extends NodeBase {
  readonly kind: 'parameter'
}

export interface ComputeNode extends NodeBase {
  readonly kind: 'compute'
  readonly operation: OperationName
  readonly inputs: readonly Node[]
}

export type Node = InputNode | ParameterNode | ComputeNode

/** What one input of a compute node gets back: upstream * local, added to what its other uses give it. */
export interface Contribution {
  readonly to: Node
  /** The derivative of the node's value by this input. */
  readonly local: number
  readonly contribution: number
}

/** One step of reverse-mode differentiation: a compute node hands its gradient on to its inputs. */
export interface BackwardStep {
  readonly node: ComputeNode
  /** The gradient of the result by this node, complete when the step is done. */
  readonly upstream: number
  readonly contributions: readonly Contribution[]
}

/** The gradients of one node by all nodes it depends on, with the steps that gave them. */
export interface Gradients {
  /** The gradient by a node; 0 for one that the result does not depend on. */
  readonly of: (node: Node) => number
  /** In the order they were done: from the result back to inputs and parameters. */
  readonly steps: readonly BackwardStep[]
}

export class Graph {
  readonly #nodes: Node[] = []

  /** All nodes, each after its inputs. */
  get nodes(): readonly Node[] {
    return this.#nodes
  }

  /** Adds a number that is given: a feature, a target, a constant. */
  input(label: string, value: number): InputNode {
    return this.#add({ kind: 'input', id: this.#nodes.length, label, value })
  }

  /** Adds a number that is learned. */
  parameter(label: string, value: number): ParameterNode {
    return this.#add({ kind: 'parameter', id: this.#nodes.length, label, value })
  }

  /** Adds an operation on nodes of this graph, and computes its value. */
  compute(operation: OperationName, inputs: readonly Node[], label = ''): ComputeNode {
    const value = operationOf(operation).value(inputs.map((node) => node.value))
    return this.#add({ kind: 'compute', id: this.#nodes.length, label, value, operation, inputs })
  }

  /**
   * Computes the gradients of a node of this graph by all others: reverse-mode differentiation.
   * Source: Goodfellow, Bengio & Courville 2016, 6.5 (back-propagation in a computational graph).
   */
  gradients(result: Node): Gradients {
    const gradients = new Map<Node, number>([[result, 1]])
    const steps: BackwardStep[] = []
    for (const node of this.#nodes.slice(0, result.id + 1).reverse()) {
      const upstream = gradients.get(node)
      if (node.kind !== 'compute' || upstream === undefined) continue
      const locals = operationOf(node.operation).derivatives(node.inputs.map((input) => input.value))
      const contributions = node.inputs.map((to, index) => {
        const local = locals[index] ?? NaN
        const contribution = upstream * local
        gradients.set(to, (gradients.get(to) ?? 0) + contribution)
        return { to, local, contribution }
      })
      steps.push({ node, upstream, contributions })
    }
    return { of: (node) => gradients.get(node) ?? 0, steps }
  }

  #add<Kind extends Node>(node: Kind): Kind {
    this.#nodes.push(node)
    return node
  }
}

/** Names a node: its label, or its place where it has none. */
export function nameOf(node: Node): string {
  return node.label === '' ? `n${node.id}` : node.label
}

/** Writes what a node computes, with the names of its inputs: `z1 = p1 + p2 + b1`. */
export function describeNode(node: Node): string {
  if (node.kind !== 'compute') return `${nameOf(node)} = ${node.value} (${node.kind})`
  return `${nameOf(node)} = ${operationOf(node.operation).format(node.inputs.map(nameOf))}`
}
