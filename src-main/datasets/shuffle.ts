/** Random order for many rows, in steps between which other work is let in. */
import type { Random } from '#engine/random.ts'

/** Steps of a long loop between two looks at the clock. */
const steps = 8192

/** Puts rows in random order, in place (Fisher & Yates); draws as Random.shuffle() does. */
export async function shuffle(
  rows: number[] | Uint32Array,
  random: Random,
  pause: () => Promise<void> | undefined
): Promise<void> {
  for (let last = rows.length - 1; last > 0; last--) {
    const other = random.below(last + 1)
    const kept = rows[last] ?? 0
    rows[last] = rows[other] ?? 0
    rows[other] = kept
    if (last % steps === 0) await pause()
  }
}
