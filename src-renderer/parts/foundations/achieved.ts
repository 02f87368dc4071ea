/** What a person has achieved at the stations; kept quietly with the preferences, as `perceptron.0 perceptron.2`. */
import type { Preferences } from '#renderer/state/preferences.svelte.ts'

const name = 'foundations'

/** Reads what was achieved, and adds to it. */
export function achievedOf(preferences: Pick<Preferences, 'choices' | 'choose'>) {
  const all = () => (preferences.choices[name] ?? '').split(' ').filter(Boolean)
  return {
    has: (slug: string, number: number): boolean => all().includes(`${slug}.${number}`),
    countOf: (slug: string): number => all().filter((one) => one.startsWith(`${slug}.`)).length,
    add: (slug: string, number: number): void => {
      const key = `${slug}.${number}`
      if (!all().includes(key)) preferences.choose(name, [...all(), key].join(' '))
    }
  }
}
