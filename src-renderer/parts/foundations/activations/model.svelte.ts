/** The station of activation functions: one chosen activation at a place z, a chain of layers, and three sums for softmax. */
import { scalarActivations, type ScalarActivationName, softmax } from '#engine/kernels/reference/activations.ts'
import { addressOf, choiceField, countField, numberField, numbersField } from '#renderer/parts/foundations/address.ts'

export const scalarNames = Object.keys(scalarActivations) as [ScalarActivationName, ...ScalarActivationName[]]
export const parts = ['curve', 'depth', 'softmax'] as const
export type Part = (typeof parts)[number]

export const mostLayers = 40

const codec = addressOf({
  part: choiceField(parts),
  name: { ...choiceField(scalarNames), start: 'sigmoid' as const },
  z: numberField(1, -6, 6),
  layers: countField(10, 1, mostLayers),
  weight: numberField(1, -4, 4),
  sums: numbersField([1.6, 0.55, 0.98], -5, 5)
})

/** The state as it is in the address. */
type State = ReturnType<typeof codec.read>['state']

/** One layer of a chain of single units: its factor in the product of the chain rule, and the product up to it. */
export interface ChainLink {
  readonly sum: number
  readonly output: number
  /** w f'(z): the derivative of the output by the output before it. */
  readonly factor: number
  /** The derivative of the output by the input of the chain. */
  readonly product: number
}

/** Sends a number through a chain of units a = f(w a'), and multiplies the factors of the chain rule. */
export function chainOf(name: ScalarActivationName, input: number, weight: number, layers: number): ChainLink[] {
  const { value, derivative } = scalarActivations[name]
  const links: ChainLink[] = []
  let [output, product] = [input, 1]
  for (let layer = 0; layer < layers; layer++) {
    const sum = weight * output
    output = value(sum)
    const factor = weight * derivative(sum)
    product *= factor
    links.push({ sum, output, factor, product })
  }
  return links
}

/** The mean output over sums that are normally distributed: zero for what is zero-centred. By the trapezoidal rule. */
export function meanOutput(name: ScalarActivationName): number {
  const { value } = scalarActivations[name]
  const steps = 1600
  let mean = 0
  for (let step = 0; step <= steps; step++) {
    const z = -8 + (16 * step) / steps
    mean += ((value(z) * Math.exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI)) * (16 / steps)
  }
  return mean
}

export class ActivationsModel {
  readonly problem: string | null
  #state = $state.raw<State>(codec.read('').state)
  readonly value = $derived(scalarActivations[this.#state.name].value(this.#state.z))
  readonly derivative = $derived(scalarActivations[this.#state.name].derivative(this.#state.z))
  readonly chain = $derived(chainOf(this.#state.name, this.#state.z, this.#state.weight, this.#state.layers))
  readonly shares = $derived(softmax(this.#state.sums))

  constructor(address: string) {
    const { state, problem } = codec.read(address)
    this.#state = state
    this.problem = problem
  }

  get state(): Readonly<State> {
    return this.#state
  }

  get address(): string {
    return codec.write(this.#state)
  }

  set(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change }
  }

  setSum(index: number, value: number): void {
    this.set({ sums: this.#state.sums.map((sum, at) => (at === index ? value : sum)) })
  }

  reset(): void {
    this.#state = { ...codec.read('').state, part: this.#state.part }
  }
}
