/**
 * What may stand where a row of a table has its defaults: any number for a number, and a name or word as it is.
 */
export type OwnOf<Defaults> = {
  readonly [Name in keyof Defaults]: Defaults[Name] extends number ? number : Defaults[Name]
}
