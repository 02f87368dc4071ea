/**
 * How products are cut into register tiles. A tile of 8 columns has 6 rows where a vector is 128 bits: 12 sums, which hide
 * the latency of a multiply-add and leave room in 16 registers. Where V8 joins two vectors into one of 256 bits, a tile has
 * 6 rows of 16 columns, and where fewer columns are left, 8 rows of 8 (README.md has the figures). No number depends on
 * it: each sum is of one row and column alone.
 */

/**
 * How many vectors a row of a tile has, told by a type of so many bytes: sizeof() of it is known when offsets of loads are
 * compiled, which must be constants; a literal argument is one only after that.
 */
export type One = u8
export type Two = u16
export type Four = u32

/** Whether vectors have 256 bits, which is told by the rows of a tile of 8 columns. */
// @ts-ignore: decorator
@inline
export function isWide(tileRows: i32): bool {
  return tileRows == 8
}

/** Rows of the next tile: as many as fit, and towards the end two about equal ones, as small tiles hide no latency. */
export function nextTile(rows: i32, most: i32): i32 {
  if (rows <= most) return rows
  return rows >= 2 * most ? most : (rows + 1) >> 1
}
