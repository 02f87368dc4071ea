/**
 * How rows are cut into register tiles. A tile of two vectors a row has 6 rows where a vector is 128 bits: 12 sums, which
 * hide the latency of a multiply-add and leave room in 16 registers. Where V8 joins the two into one of 256 bits, 6 sums
 * are too few and 8 are enough (README.md has the figures). No number depends on it: each sum is one row's alone.
 */

/** Rows of the next tile: as many as fit, and towards the end two about equal ones, as small tiles hide no latency. */
export function nextTile(rows: i32, most: i32): i32 {
  if (rows <= most) return rows
  return rows >= 2 * most ? most : (rows + 1) >> 1
}
