/** Numbers and choices of a plan by their path, such as `stopping.targetLoss`: for forms, options and comparisons. */
import { schedules } from '#engine/training/schedules.ts'

/** The value at a path; undefined where the plan has none. */
export function valueAt(plan: object, path: string): unknown {
  let value: unknown = plan
  for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[key]
  return value
}

/** Sets the value at a path; `undefined` takes it out, and with it a group that nothing is left of. */
export function withValue<Plan extends object>(plan: Plan, path: string, value: number | string | undefined): Plan {
  const [name = '', inner] = path.split('.')
  if (inner === undefined) return value === undefined ? without(plan, name) : { ...plan, [name]: value }
  const before =
    (plan as Record<string, object | undefined>)[name] ?? (name === 'schedule' ? schedules.constant.defaults : {})
  const group = value === undefined ? without(before, inner) : { ...before, [inner]: value }
  const isEmpty = name === 'regularisation' ? Object.keys(group).length === 0 : isPlainConstant(name, group)
  return isEmpty ? without(plan, name) : { ...plan, [name]: group }
}

/** A constant rate without warm-up is what a plan without schedule has. */
function isPlainConstant(name: string, group: object): boolean {
  return name === 'schedule' && 'name' in group && group.name === 'constant' && !('warmUp' in group)
}

/** A copy without one of its properties. */
export function without<Holder extends object>(holder: Holder, name: string): Holder {
  return Object.fromEntries(Object.entries(holder).filter(([key]) => key !== name)) as Holder
}
