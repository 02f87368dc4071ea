/** The station of computation graphs: linear regression on one point, or a small network, number by number. */
import { Graph, type Node } from '#engine/graph/graph.ts'
import { buildNetworkGraph } from '#engine/graph/network.ts'
import { unflatten } from '#engine/kernels/reference/parameters.ts'
import type { ReferenceTopology } from '#engine/kernels/reference/network.ts'
import { parameterCount } from '#engine/network/topology.ts'
import { Random } from '#engine/random.ts'
import { addressOf, choiceField, countField, numbersField, rounded } from '#renderer/parts/foundations/address.ts'

export const kinds = ['line', 'neuron', 'network'] as const
export type Kind = (typeof kinds)[number]

/** As large as its nodes can be told apart. */
export const topologies: Record<Exclude<Kind, 'line'>, ReferenceTopology> = {
  neuron: { inputs: 2, layers: [{ units: 1, activation: 'sigmoid' }] },
  network: {
    inputs: 2,
    layers: [
      { units: 2, activation: 'tanh' },
      { units: 1, activation: 'sigmoid' }
    ]
  }
}

const mostGiven = 12

const codec = addressOf({
  kind: choiceField(kinds),
  /** The given numbers in the order of the graph; empty for its own start. */
  given: numbersField([], -100, 100, mostGiven, 0),
  /** Nodes whose value is known already, from the front; then gradients, from the back. */
  shown: countField(0, 0, 200)
})

type State = ReturnType<typeof codec.read>['state']

export interface Given {
  readonly label: string
  readonly value: number
  readonly kind: 'input' | 'parameter'
}

/** What a graph starts with. */
export function givenOf(kind: Kind): Given[] {
  if (kind === 'line') {
    return [
      { label: 'x', value: 2, kind: 'input' },
      { label: 't', value: 3, kind: 'input' },
      { label: 'w0', value: 0.5, kind: 'parameter' },
      { label: 'w1', value: 1, kind: 'parameter' }
    ]
  }
  const topology = topologies[kind]
  const random = new Random(5)
  const names = topology.layers.flatMap(({ units }, layer) => {
    const inputs = layer === 0 ? topology.inputs : (topology.layers[layer - 1]?.units ?? 0)
    return [
      ...Array.from(
        { length: units * inputs },
        (_, at) => `w${layer + 1}.${Math.floor(at / inputs) + 1}.${(at % inputs) + 1}`
      ),
      ...Array.from({ length: units }, (_, unit) => `b${layer + 1}.${unit + 1}`)
    ]
  })
  return [
    { label: 'x1', value: 1, kind: 'input' },
    { label: 'x2', value: 0, kind: 'input' },
    { label: 't1', value: 1, kind: 'input' },
    ...names
      .slice(0, parameterCount(topology))
      .map((label): Given => ({ label, value: rounded(2 * random.uniform() - 1), kind: 'parameter' }))
  ]
}

/** Builds the graph over given numbers; the last node is the loss. */
export function graphOf(kind: Kind, given: readonly number[]): { graph: Graph; loss: Node } {
  if (kind === 'line') {
    const [x = 0, t = 0, w0 = 0, w1 = 0] = given
    const graph = new Graph()
    const [nodeX, nodeT] = [graph.input('x', x), graph.input('t', t)]
    const [node0, node1] = [graph.parameter('w0', w0), graph.parameter('w1', w1)]
    const product = graph.compute('multiply', [node1, nodeX], 'w1 x')
    const h = graph.compute('add', [node0, product], 'h')
    const error = graph.compute('subtract', [h, nodeT], 'h - t')
    const square = graph.compute('square', [error], '(h - t)^2')
    const loss = graph.compute('multiply', [square, graph.input('1/2', 0.5)], 'J')
    return { graph, loss }
  }
  const topology = topologies[kind]
  const [x1 = 0, x2 = 0, t = 0, ...parameters] = given
  const built = buildNetworkGraph(
    topology,
    { name: 'mean_squared_error' },
    unflatten(topology, parameters),
    [[x1, x2]],
    [[t]]
  )
  return { graph: built.graph, loss: built.loss }
}

export class GraphModel {
  readonly problem: string | null
  #state = $state.raw<State>(codec.read('').state)
  chosen = $state<number | null>(null)
  readonly given = $derived.by((): Given[] => {
    const own = givenOf(this.#state.kind)
    return own.map((one, index) => ({ ...one, value: this.#state.given[index] ?? one.value }))
  })
  readonly built = $derived(
    graphOf(
      this.#state.kind,
      this.given.map(({ value }) => value)
    )
  )
  readonly gradients = $derived(this.built.graph.gradients(this.built.loss))
  readonly computed = $derived(this.built.graph.nodes.filter(({ kind }) => kind === 'compute'))

  constructor(address: string) {
    const { state, problem } = codec.read(address)
    const fits = state.given.length === 0 || state.given.length === givenOf(state.kind).length
    this.#state = fits ? state : codec.read('').state
    this.problem = fits
      ? problem
      : 'In the address there are more or fewer numbers than the graph has. The station starts as usual.'
  }

  get kind(): Kind {
    return this.#state.kind
  }

  /** Steps that were done: forward through all compute nodes, then back through them. */
  get shown(): number {
    return Math.min(this.#state.shown, this.length)
  }

  get length(): number {
    return 2 * this.computed.length
  }

  get address(): string {
    return codec.write(this.#state)
  }

  /** Whether the value of a node is known by now. */
  hasValue(node: Node): boolean {
    return node.kind !== 'compute' || this.computed.indexOf(node) < this.shown
  }

  /** Whether the gradient of a node is complete by now. */
  hasGradient(node: Node): boolean {
    const back = this.shown - this.computed.length
    if (back <= 0) return false
    const users = this.gradients.steps.slice(0, back)
    if (node === this.built.loss) return true
    const all = this.computed.filter((other) => other.kind === 'compute' && other.inputs.includes(node))
    return all.every((user) => users.some((step) => step.node === user))
  }

  choose(kind: Kind): void {
    this.#state = { kind, given: [], shown: 0 }
    this.chosen = null
  }

  setGiven(index: number, value: number): void {
    this.#state = { ...this.#state, given: this.given.map((one, at) => (at === index ? rounded(value) : one.value)) }
  }

  step(): boolean {
    if (this.shown >= this.length) return false
    this.#state = { ...this.#state, shown: this.shown + 1 }
    return this.shown < this.length
  }

  showAll(): void {
    this.#state = { ...this.#state, shown: this.length }
  }

  reset(): void {
    this.#state = { ...this.#state, given: [], shown: 0 }
  }
}
