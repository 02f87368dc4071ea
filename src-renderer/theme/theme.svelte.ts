/** Puts the chosen theme on the page, and follows the system where that is the choice. */
import type { Theme } from '#renderer/state/preferences.svelte.ts'

const painted = $state({ theme: '' })

/** Keeps `data-theme` of the page in step with the preference. Call while a component is set up. */
export function followTheme(preference: () => Theme): void {
  $effect.pre(() => {
    const system = window.matchMedia('(prefers-color-scheme: dark)')
    const paint = () => {
      const dark = preference() === 'dark' || (preference() === 'system' && system.matches)
      painted.theme = document.documentElement.dataset['theme'] = dark ? 'dark' : 'light'
    }
    paint()
    system.addEventListener('change', paint)
    return () => system.removeEventListener('change', paint)
  })
}

/** Reads colour tokens for a canvas, which knows no CSS; a reader reads again when the theme changes. */
export function readTokens<Name extends string>(names: readonly Name[]): Record<Name, string> {
  void painted.theme
  const style = getComputedStyle(document.documentElement)
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as Record<
    Name,
    string
  >
}
