/**
 * What a person set for the screen and finds again: theme and pane sizes. Kept by the lab, since the address of a
 * browser's page changes with its port; a copy in the page's own storage spares the first paint a flash.
 */
import type { LabClient } from '#renderer/lab/client.ts'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** Sizes of the experiment's panes in percent; 0 is folded away. */
export interface PaneSizes {
  readonly build: number
  readonly table: number
  readonly details: number
}

interface Values {
  theme: Theme
  /** The list at the left: narrow where null and the window is narrow. */
  railed: boolean | null
  detailsOpen: boolean
  panes: PaneSizes
  logLoss: boolean
  /** Switches of single parts of the screen, by names of their own; missing where nobody touched them. */
  choices: Readonly<Record<string, string>>
  folded: readonly string[]
  unfolded: readonly string[]
}

const storageKey = 'topology-lab'

export class Preferences {
  theme = $state<Theme>('system')
  railed = $state<boolean | null>(null)
  detailsOpen = $state(false)
  panes = $state.raw<PaneSizes>({ build: 28, table: 42, details: 24 })
  logLoss = $state(false)
  choices = $state.raw<Readonly<Record<string, string>>>({})
  /** Parts of forms that are folded away, by name. */
  folded = $state.raw<readonly string[]>([])
  /** And those that are folded at first and were opened. */
  unfolded = $state.raw<readonly string[]>([])
  #settings: LabClient['host']['settings']
  #storage: Pick<Storage, 'getItem' | 'setItem'>

  constructor(settings: LabClient['host']['settings'], storage: Pick<Storage, 'getItem' | 'setItem'>) {
    this.#settings = settings
    this.#storage = storage
    this.#take(readStored(storage))
  }

  /** Takes what the lab has kept. */
  async load(): Promise<void> {
    const kept = (await this.#settings.get())['renderer']
    if (typeof kept === 'object' && kept !== null && !Array.isArray(kept)) this.#take(kept)
  }

  /** Sets one preference and keeps it. */
  set<Name extends keyof Values>(name: Name, value: Values[Name]): void {
    this.#take({ [name]: value })
    const { theme, railed, detailsOpen, panes, logLoss, choices, folded, unfolded } = this
    const values = {
      theme,
      railed,
      detailsOpen,
      panes: { ...panes },
      logLoss,
      choices: { ...choices },
      folded: [...folded],
      unfolded: [...unfolded]
    }
    this.#storage.setItem(storageKey, JSON.stringify(values))
    // A preference that could not be kept is no reason to disturb anyone; the next change keeps it again.
    void this.#settings.set({ name: 'renderer', value: values }).catch(() => undefined)
  }

  /** What was chosen of a switch with these positions; the first where nothing was, or nothing that is known. */
  choice<Value extends string>(name: string, positions: readonly [Value, ...Value[]]): Value {
    return positions.find((position) => position === this.choices[name]) ?? positions[0]
  }

  /** Sets a switch and keeps it. */
  choose(name: string, position: string): void {
    this.set('choices', { ...this.choices, [name]: position })
  }

  /** Folds a part of a form away that is open at first, or opens it again. */
  fold(name: string, away: boolean): void {
    if (this.folded.includes(name) !== away) this.set('folded', toggled(this.folded, name))
  }

  /** Opens a part of a form that is folded at first, or folds it again. */
  unfold(name: string, open: boolean): void {
    if (this.unfolded.includes(name) !== open) this.set('unfolded', toggled(this.unfolded, name))
  }

  #take(values: Partial<Record<keyof Values, unknown>>): void {
    const theme = themes.find((known) => known === values.theme)
    if (theme) this.theme = theme
    if (typeof values.railed === 'boolean' || values.railed === null) this.railed = values.railed
    if (typeof values.detailsOpen === 'boolean') this.detailsOpen = values.detailsOpen
    if (typeof values.logLoss === 'boolean') this.logLoss = values.logLoss
    if (isSizes(values.panes)) this.panes = values.panes
    if (isChoices(values.choices)) this.choices = values.choices
    if (isNames(values.folded)) this.folded = values.folded
    if (isNames(values.unfolded)) this.unfolded = values.unfolded
  }
}

function toggled(names: readonly string[], name: string): readonly string[] {
  return names.includes(name) ? names.filter((other) => other !== name) : [...names, name]
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string')
}

function isSizes(value: unknown): value is PaneSizes {
  if (typeof value !== 'object' || value === null) return false
  const { build, table, details } = value as Partial<Record<keyof PaneSizes, unknown>>
  return [build, table, details].every((size) => typeof size === 'number' && size >= 0 && size <= 80)
}

function isChoices(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' && value !== null && Object.values(value).every((choice) => typeof choice === 'string')
  )
}

function readStored(storage: Pick<Storage, 'getItem'>): Partial<Record<keyof Values, unknown>> {
  try {
    const value: unknown = JSON.parse(storage.getItem(storageKey) ?? '{}')
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
