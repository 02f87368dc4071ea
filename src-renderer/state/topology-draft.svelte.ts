/**
 * The hidden layers that a person is building: one truth that the diagram, the rows and the text edit alike.
 * While the text can't be read, the last readable layers stay.
 */
import { type ActivationName } from '#engine/network/activations.ts'
import { type Layer, parseHidden, topologyLimits } from '#engine/network/topology.ts'
import { writeHidden } from '#renderer/state/describe-run.ts'

/** A layer with a key of its own, so that it stays itself while it is moved. */
export interface DraftLayer extends Layer {
  readonly key: number
}

export class TopologyDraft {
  layers = $state.raw<readonly DraftLayer[]>([])
  /** As typed; equal to the layers whenever `textProblem` is null. */
  text = $state('none')
  textProblem = $state<string | null>(null)
  /** What a layer written without an activation gets. */
  #activation: ActivationName = 'relu'
  #nextKey = 1

  constructor(layers: readonly Layer[]) {
    this.replace(layers)
  }

  /** The layers as the contract takes them. */
  get hidden(): Layer[] {
    return this.layers.map(({ units, activation }) => ({ units, activation }))
  }

  replace(layers: readonly Layer[]): void {
    this.#set(layers.map((layer) => this.#keyed(layer)))
  }

  /** Takes the text as typed; layers that keep their place keep their key. */
  write(text: string): void {
    this.text = text
    try {
      const layers = parseHidden(text, this.#activation)
      if (layers.length > topologyLimits.layers - 1) {
        throw new RangeError(`A network has at most ${topologyLimits.layers - 1} hidden layers.`)
      }
      const previous = this.layers
      this.layers = layers.map((layer, index) => ({ ...layer, key: previous[index]?.key ?? this.#nextKey++ }))
      this.textProblem = null
      this.#rememberActivation()
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      this.textProblem = error.message
    }
  }

  /** Writes the text in its usual form, if it can be read. */
  tidy(): void {
    if (this.textProblem === null) this.text = writeHidden(this.layers)
  }

  /** Puts a layer at an index, as wide as its neighbour, and returns its key. */
  insert(index: number): number {
    const neighbour = this.layers[index - 1] ?? this.layers[index]
    const layer = this.#keyed({ units: neighbour?.units ?? 16, activation: neighbour?.activation ?? this.#activation })
    this.#set(this.layers.toSpliced(index, 0, layer))
    return layer.key
  }

  remove(index: number): void {
    this.#set(this.layers.toSpliced(index, 1))
  }

  /** Moves a layer to another place; out of bounds is nothing to do. */
  move(from: number, to: number): void {
    const layer = this.layers[from]
    if (!layer || to < 0 || to >= this.layers.length || to === from) return
    this.#set(this.layers.toSpliced(from, 1).toSpliced(to, 0, layer))
  }

  setUnits(index: number, units: number): void {
    const whole = Math.round(units)
    if (!Number.isFinite(whole)) return
    this.#change(index, { units: Math.min(topologyLimits.units, Math.max(1, whole)) })
  }

  setActivation(index: number, activation: ActivationName): void {
    this.#change(index, { activation })
  }

  #change(index: number, change: Partial<Layer>): void {
    const layer = this.layers[index]
    if (layer) this.#set(this.layers.with(index, { ...layer, ...change }))
  }

  #set(layers: readonly DraftLayer[]): void {
    this.layers = layers
    this.text = writeHidden(layers)
    this.textProblem = null
    this.#rememberActivation()
  }

  #rememberActivation(): void {
    const first = this.layers[0]
    if (first && this.layers.every((layer) => layer.activation === first.activation))
      this.#activation = first.activation
  }

  #keyed(layer: Layer): DraftLayer {
    return { units: layer.units, activation: layer.activation, key: this.#nextKey++ }
  }
}
