/**
 * The keys and commands of the screen one is on: screens add theirs while they are shown. One table feeds the keys,
 * the map that `?` shows, and the command palette.
 */
import { createContext, untrack } from 'svelte'

export interface Shortcut {
  /** Such as `Mod+Enter`; Mod is Cmd on a Mac and Ctrl elsewhere. Absent for what only the palette offers. */
  readonly keys?: string
  readonly label: string
  readonly run: () => void
  /** While it returns false, the key does nothing and the palette leaves it out. */
  readonly enabled?: () => boolean
  /** Left to a field that takes text while one is typing in it, though it has Ctrl or Cmd. */
  readonly sparesFields?: true
}

/** What of a keyboard event decides. */
type Key = Pick<
  KeyboardEvent,
  'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'target' | 'defaultPrevented' | 'preventDefault'
>

export class Shortcuts {
  #groups = $state.raw<readonly (readonly Shortcut[])[]>([])

  get all(): readonly Shortcut[] {
    return this.#groups.flat().filter((shortcut) => shortcut.enabled?.() ?? true)
  }

  /** Adds shortcuts and returns what removes them: the cleanup of an effect. */
  add(group: readonly Shortcut[]): () => void {
    // An effect that adds must not run again because of it.
    this.#groups = [...untrack(() => this.#groups), group]
    return () => (this.#groups = this.#groups.filter((other) => other !== group))
  }

  /** Runs what a key stands for; keys without Ctrl or Cmd are left to fields that take text. */
  handle(event: Key): void {
    if (event.defaultPrevented) return
    const modified = event.ctrlKey || event.metaKey
    if (!modified && isTyping(event.target)) return
    // Without Ctrl or Cmd, Shift is part of the character, as in `?`.
    const shift = modified && event.shiftKey ? 'Shift+' : ''
    const pressed = `${modified ? 'Mod+' : ''}${event.altKey ? 'Alt+' : ''}${shift}${event.key}`.toLowerCase()
    const shortcut = this.all.find(({ keys }) => keys?.toLowerCase() === pressed)
    if (!shortcut || (shortcut.sparesFields && isTyping(event.target))) return
    event.preventDefault()
    shortcut.run()
  }
}

/** Writes keys as the person's keyboard names them. */
export function spellKeys(keys: string, isMac: boolean): string {
  return keys
    .replace('Mod', isMac ? '\u2318' : 'Ctrl')
    .replace('Alt', isMac ? '\u2325' : 'Alt')
    .replace('Shift', isMac ? '\u21e7' : 'Shift')
    .replaceAll('+', ' ')
}

/** What takes letters; a tab, a tick or a slider is an input as well, but takes none. */
const takesText =
  'input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [contenteditable], [role=dialog]'

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(takesText) !== null
}

export const [useShortcuts, provideShortcuts] = createContext<Shortcuts>()
