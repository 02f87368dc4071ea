/** A file to import. */

export interface ImportFile {
  readonly path: string
  /** What a person calls it; an upload has another name than its path says. */
  readonly name: string
}
