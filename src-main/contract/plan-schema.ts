/**
 * The schema of a training plan, made from the rows of the engine's table of settings. Ranges are the engine's to check,
 * in words; here a value must be of its kind.
 */
import { z } from 'zod'
import { initialisations } from '#engine/network/initialisations.ts'
import { allowsNone, type Setting, type SettingValue, type ValueOf } from '#engine/setting.ts'
import { optimizers } from '#engine/training/optimizers.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { schedules } from '#engine/training/schedules.ts'
import { type SettingPath, settingAt, settingPaths, type settings } from '#engine/training/settings.ts'
import { exactly } from '#contract/exactly.ts'

type Settings = typeof settings

/** The schema of a row's value: by its kind, and optional where it may be missing. */
type FieldOf<Row> = Row extends Setting
  ? Row extends { readonly missing: unknown }
    ? z.ZodOptional<z.ZodType<ValueOf<Row>>>
    : z.ZodType<ValueOf<Row>>
  : never

function fieldOf(setting: Setting): z.ZodType {
  const value = valueOf(setting)
  return setting.missing === undefined ? value : value.optional()
}

function valueOf(setting: Setting): z.ZodType<SettingValue> {
  if ('names' in setting) return z.enum(Object.keys(setting.names))
  if (!('range' in setting)) return z.union([z.literal(setting.word), z.array(z.number()).readonly()])
  const number = setting.whole ? z.number().int() : z.number()
  const value = setting.word === undefined ? number : z.union([number, z.literal(setting.word)])
  return allowsNone(setting) ? value.nullable() : value
}

/** The name of a path within a part of the plan; '' stands for what is in no part. */
type Within<Path extends string, Part extends string> = Path extends `${infer Own}.${infer Name}`
  ? Own extends Part
    ? Name
    : never
  : Part extends ''
    ? Path
    : never

function fieldsOf<Part extends string>(part: Part) {
  const named = settingPaths.flatMap((path) => {
    const [name, own = ''] = path.split('.').reverse()
    return own === part ? [[name, fieldOf(settingAt(path))]] : []
  })
  return Object.fromEntries(named) as { [Path in SettingPath as Within<Path, Part>]: FieldOf<Settings[Path]> }
}

type Table = Readonly<Record<string, { readonly defaults: object }>>

/** The fields of an entry of a table: its name, those that its defaults have, and those that all have but may be missing. */
type EntryOf<Part extends string, Name, Defaults> = z.ZodObject<
  { name: z.ZodType<Name> } & {
    [
      Path in SettingPath as Within<Path, Part> extends infer Key
        ? Key extends 'name'
          ? never
          : Key extends keyof Defaults
            ? Key
            : Settings[Path] extends { readonly missing: unknown }
              ? Key & string
              : never
        : never
    ]: FieldOf<Settings[Path]>
  }
>

/** The schema of a part that is chosen from a table by its name. */
function choiceOf<Part extends string, Entries extends Table>(part: Part, table: Entries) {
  const fields = fieldsOf<string>(part)
  const entries = Object.entries(table).map(([name, { defaults }]) => {
    const own = Object.entries(fields).filter(([key, field]) => key in defaults || field instanceof z.ZodOptional)
    return z.object({ ...Object.fromEntries(own), name: z.literal(name) })
  })
  const [first, ...rest] = entries
  if (!first) throw new RangeError(`The table of ${part} is empty.`)
  return z.discriminatedUnion('name', [first, ...rest]) as unknown as z.ZodType<
    { [Name in keyof Entries]: z.output<EntryOf<Part, Name, Entries[Name]['defaults']>> }[keyof Entries]
  >
}

export const schedule = choiceOf('schedule', schedules)

export const trainingPlan = exactly<TrainingPlan>()(
  z.object({
    ...fieldsOf(''),
    optimizer: choiceOf('optimizer', optimizers),
    initialisation: choiceOf('initialisation', initialisations),
    stopping: z.object(fieldsOf('stopping')),
    schedule: schedule.optional(),
    regularisation: z.object(fieldsOf('regularisation')).optional()
  })
)
