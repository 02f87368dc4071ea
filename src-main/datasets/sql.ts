/** Writing SQL for DuckDB: names and texts of other people's tables, quoted so that none of them can become SQL. */

/** Quotes a name of a column. */
export function name(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

/** Quotes a text. */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

/** Quotes a path for a reading function, where `*`, `?` and `[` would otherwise name many files. */
export function path(file: string): string {
  return text(file.replaceAll(/[*?[]/g, '[$&]'))
}

/** A stored table with the number of each row, from 0, in `file_row_number`. */
export function storedRows(file: string): string {
  return `read_parquet(${path(file)}, file_row_number=true, hive_partitioning=false)`
}
