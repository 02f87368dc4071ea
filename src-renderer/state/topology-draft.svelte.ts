/**
 * The hidden layers that a person is building: one truth that the diagram, the rows and the text edit alike, with every
 * step undoable. While the text can't be read, the last readable layers stay.
 */
import { type ActivationName } from '#engine/network/activations.ts'
import { type Layer, topologyLimits } from '#engine/network/topology.ts'
import {
  type DataShape,
  fillTemplate,
  readTemplate,
  sharedActivation,
  writeHidden
} from '#engine/network/topology-text.ts'
import { readPastedJson } from '#renderer/pure/pasted-topology.ts'

/** A layer with a key of its own, so that it stays itself while it is moved. */
export interface DraftLayer extends Layer {
  readonly key: number
  /** The size as written where it follows the data, such as `2a`. */
  readonly size?: string | undefined
}

interface Snapshot {
  readonly layers: readonly DraftLayer[]
  readonly text: string
  readonly textProblem: string | null
}

/** More steps than this are not remembered. */
const mostSteps = 200

export class TopologyDraft {
  layers = $state.raw<readonly DraftLayer[]>([])
  /** As typed; equal to the layers whenever `textProblem` is null. */
  text = $state('none')
  textProblem = $state<string | null>(null)
  #past = $state.raw<readonly Snapshot[]>([])
  #future = $state.raw<readonly Snapshot[]>([])
  /** What the last step changed: more of the same joins it, until it is settled. */
  #open: string | null = null
  /** What a layer written without an activation gets. */
  #activation: ActivationName = 'relu'
  readonly #shape: DataShape
  #nextKey = 1

  constructor(layers: readonly Layer[], shape: DataShape) {
    this.#shape = shape
    this.begin(layers)
  }

  /** The layers as the contract takes them. */
  get hidden(): Layer[] {
    return this.layers.map(({ key: _key, size: _size, ...layer }) => layer)
  }

  /** Whether any size follows the data, so that the text does not show its number. */
  get followsData(): boolean {
    return this.layers.some(({ size }) => size !== undefined)
  }

  get canUndo(): boolean {
    return this.#past.length > 0
  }

  get canRedo(): boolean {
    return this.#future.length > 0
  }

  /** Starts from these layers, with nothing to undo. */
  begin(layers: readonly Layer[]): void {
    this.#set(layers.map((layer) => this.#keyed(layer)))
    this.#past = this.#future = []
  }

  /** Takes these layers in the place of all. */
  replace(layers: readonly Layer[]): void {
    this.#change(layers.map((layer) => this.#keyed(layer)))
  }

  /** Takes the text as typed; layers that keep their place keep their key. */
  write(text: string): void {
    this.#remember('text')
    this.text = text
    try {
      const template = readTemplate(text)
      const filled = fillTemplate(template, this.#shape, this.#activation)
      const previous = this.layers
      this.layers = filled.map((layer, index) => {
        const written = template[index]
        const size = written?.followsData ? written.size : undefined
        return { ...layer, size, key: previous[index]?.key ?? this.#nextKey++ }
      })
      this.textProblem = null
      this.#rememberActivation()
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      this.textProblem = error.message
    }
  }

  /** Takes what was copied somewhere: text of a topology, or JSON of this lab. */
  paste(text: string): void {
    this.settle()
    try {
      const layers = readPastedJson(text)
      if (layers) this.replace(layers)
      else this.write(text.trim())
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      this.#remember(null)
      this.textProblem = error.message
    }
    this.settle()
  }

  /** The text for elsewhere, where layers without an activation may mean another one. */
  get copy(): string {
    return writeHidden(this.layers, sharedActivation(this.layers) === 'relu' ? 'relu' : null)
  }

  /** Writes the text in its usual form, if it can be read. */
  tidy(): void {
    if (this.textProblem === null) this.text = this.#written()
    this.settle()
  }

  /** Ends a step that came in pieces, such as a drag: what follows is undone by itself. */
  settle(): void {
    this.#open = null
  }

  undo(): void {
    const last = this.#past.at(-1)
    if (!last) return
    this.#past = this.#past.slice(0, -1)
    this.#future = [...this.#future, this.#snapshot()]
    this.#restore(last)
  }

  redo(): void {
    const next = this.#future.at(-1)
    if (!next) return
    this.#future = this.#future.slice(0, -1)
    this.#past = [...this.#past, this.#snapshot()]
    this.#restore(next)
  }

  /** Puts a layer at an index, as wide as its neighbour, and returns its key. */
  insert(index: number): number {
    const neighbour = this.layers[index - 1] ?? this.layers[index]
    const { units = 16, size, activation = this.#activation } = neighbour ?? {}
    const layer = this.#keyed({ units, activation }, size)
    this.#change(this.layers.toSpliced(index, 0, layer))
    return layer.key
  }

  /** Puts the same layer again behind it. */
  duplicate(index: number): void {
    const layer = this.layers[index]
    if (layer) this.#change(this.layers.toSpliced(index + 1, 0, { ...layer, key: this.#nextKey++ }))
  }

  remove(index: number): void {
    if (this.layers[index]) this.#change(this.layers.toSpliced(index, 1))
  }

  /** Moves a layer to another place; out of bounds is nothing to do. */
  move(from: number, to: number): void {
    const layer = this.layers[from]
    if (!layer || to < 0 || to >= this.layers.length || to === from) return
    this.#change(this.layers.toSpliced(from, 1).toSpliced(to, 0, layer), `move ${layer.key}`)
  }

  setUnits(index: number, units: number): void {
    const whole = Math.round(units)
    if (!Number.isFinite(whole)) return
    this.edit(index, { units: Math.min(topologyLimits.units, Math.max(1, whole)) })
  }

  /** Changes fields of one layer; repeated changes of the same fields are one step. */
  edit(index: number, change: Partial<Layer>): void {
    const layer = this.layers[index]
    if (!layer) return
    const { size } = 'units' in change ? { size: undefined } : layer
    const step = `${Object.keys(change).join(' ')} ${layer.key}`
    this.#change(this.layers.with(index, { ...layer, size, ...change }), step)
  }

  #change(layers: readonly DraftLayer[], step: string | null = null): void {
    this.#remember(step)
    this.#set(layers)
  }

  #set(layers: readonly DraftLayer[]): void {
    this.layers = layers
    this.#rememberActivation()
    this.text = this.#written()
    this.textProblem = null
  }

  /** Keeps what there is before a change, unless the change goes on with the one before it. */
  #remember(step: string | null): void {
    if (step !== null && step === this.#open) return
    this.#open = step
    this.#past = [...this.#past, this.#snapshot()].slice(-mostSteps)
    this.#future = []
  }

  #snapshot(): Snapshot {
    const { layers, text, textProblem } = this
    return { layers, text, textProblem }
  }

  #restore({ layers, text, textProblem }: Snapshot): void {
    this.#open = null
    this.layers = layers
    this.text = text
    this.textProblem = textProblem
    this.#rememberActivation()
  }

  #written(): string {
    return writeHidden(this.layers, sharedActivation(this.layers))
  }

  #rememberActivation(): void {
    this.#activation = sharedActivation(this.layers) ?? this.#activation
  }

  #keyed(layer: Layer, size?: string): DraftLayer {
    return { ...layer, size, key: this.#nextKey++ }
  }
}
