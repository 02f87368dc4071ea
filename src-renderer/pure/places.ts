/**
 * Where a person can be: one row a screen, which says how its place stands in the address. A new screen is a row here
 * and one in views/screens.ts.
 */

/** How the places of one screen are written: `#/FOLDER/PART/PART`. */
interface Address<Fields extends object> {
  readonly folder: string
  /** What the parts after the folder say; null where they name no place of this screen. */
  readonly read: (parts: readonly string[]) => Fields | null
  readonly write: (fields: Fields) => readonly (string | number)[]
}

const address = <Fields extends object>(row: Address<Fields>) => row

/** Rows of one folder are tried in their order; the address of the first screen is where what is not known leads to. */
const addresses = {
  data: address<{ readonly [Field in never]: never }>({
    folder: 'data',
    read: ([id]) => (id ? null : {}),
    write: () => []
  }),
  dataset: address<{ readonly datasetId: string }>({
    folder: 'data',
    read([id]) {
      const datasetId = decoded(id)
      return datasetId ? { datasetId } : null
    },
    write: ({ datasetId }) => [encodeURIComponent(datasetId)]
  }),
  experiment: address<{ readonly experimentId: number; readonly runId: number | null }>({
    folder: 'experiments',
    read([id, runs, run]) {
      const experimentId = numbered(id)
      return experimentId === null ? null : { experimentId, runId: runs === 'runs' ? numbered(run) : null }
    },
    write: ({ experimentId, runId }) => (runId === null ? [experimentId] : [experimentId, 'runs', runId])
  }),
  model: address<{ readonly runId: number }>({
    folder: 'models',
    read([id]) {
      const runId = numbered(id)
      return runId === null ? null : { runId }
    },
    write: ({ runId }) => [runId]
  }),
  /** A station with its state as that station writes it; all stations where `station` is null. */
  foundations: address<{ readonly station: string | null; readonly state: string }>({
    folder: 'foundations',
    read: ([station, state]) => ({ station: decoded(station) || null, state: decoded(state) ?? '' }),
    write: ({ station, state }) => (station ? [station, state].filter(Boolean) : [])
  })
}

type Addresses = typeof addresses
export type Screen = keyof Addresses
/** What the address of a screen says besides its name. */
export type FieldsOf<Name extends Screen> = NonNullable<ReturnType<Addresses[Name]['read']>>
export type PlaceOf<Name extends Screen> = { readonly screen: Name } & FieldsOf<Name>
export type Place = { [Name in Screen]: PlaceOf<Name> }[Screen]

/** Reads a hash; what it does not know leads to the data screen. */
export function parsePlace(hash: string): Place {
  const [folder, ...parts] = hash.replace(/^#?\/?/, '').split('/')
  for (const [screen, row] of Object.entries(addresses)) {
    const fields = row.folder === folder ? row.read(parts) : null
    if (fields) return { screen, ...fields } as Place
  }
  return { screen: 'data' }
}

/** Writes a place as a hash that parsePlace reads back; usable as `href`. */
export function hrefOf(place: Place): string {
  // Each row writes the fields of its own screen, which is the one that the place names.
  const { folder, write } = addresses[place.screen] as unknown as Address<Place>
  return `#/${[folder, ...write(place)].join('/')}`
}

/** The text of a part of a hash; null for one that was cut off within a sign, as pasted addresses may be. */
function decoded(part: string | undefined): string | null {
  try {
    return part === undefined ? null : decodeURIComponent(part)
  } catch {
    return null
  }
}

/** The number of an experiment or a run; null for what is none. */
function numbered(part: string | undefined): number | null {
  const number = Number(part)
  return Number.isInteger(number) && number > 0 ? number : null
}
