/**
 * How rows are cut into register tiles: sixes, and an end without tiles of 1 or 2 rows where that can be had,
 * because those are too short to hide the latency of a multiply-add.
 */
export function nextTile(rows: i32): i32 {
  if (rows >= 10 || rows <= 6) return min(rows, 6)
  return rows == 9 ? 5 : 4
}
