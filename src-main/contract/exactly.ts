/** Holds a schema against the type whose data it lets through. */
import type { z } from 'zod'

/** Data with every field spelled out: one that may be missing is marked, and nothing is read-only. */
type SpelledOut<Data> = Data extends readonly (infer Item)[]
  ? SpelledOut<Item>[]
  : Data extends object
    ? {
        -readonly [Key in keyof Data]-?: object extends Pick<Data, Key>
          ? { readonly mayBeMissing: SpelledOut<Data[Key]> }
          : SpelledOut<Data[Key]>
      }
    : Data

/** Whether two types let the same data through: a field that only one of them knows tells them apart. */
export type Same<A, B> = [SpelledOut<A>] extends [SpelledOut<B>]
  ? [SpelledOut<B>] extends [SpelledOut<A>]
    ? true
    : false
  : false

/**
 * Gives a schema back whose output is the wanted type: the compiler refuses one that lacks a field, though it may be
 * missing, or a member of a union, and one that has more. (`satisfies` asks one way only.)
 */
export const exactly =
  <Wanted>() =>
  <Schema extends z.ZodType>(
    schema: Same<z.output<Schema>, Wanted> extends true ? Schema : { readonly isNotExactly: Wanted }
  ): Schema =>
    schema as Schema
