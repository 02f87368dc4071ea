/** Queries of what the renderer wants kept. */
import type { Database } from 'better-sqlite3'
import type { z } from 'zod'

/** A value of the renderer's own. */
type Json = z.infer<ReturnType<typeof z.json>>

export interface SettingQueries {
  all(): Record<string, Json>
  set(name: string, value: Json): void
}

/** Prepares the queries of settings. */
export function settingQueries(db: Database): SettingQueries {
  const all = db.prepare<[], { name: string; value: string }>('SELECT name, value FROM settings')
  const set = db.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)')
  return {
    all: () => Object.fromEntries(all.all().map(({ name, value }) => [name, JSON.parse(value) as Json])),
    set: (name, value) => void set.run(name, JSON.stringify(value))
  }
}
