/** Whole groups dealt into parts: none is split, and the parts come as near to their shares as groups allow. */
import { expect, test } from 'vitest'
import { Random } from '#engine/random.ts'
import { cutInOrder } from '#lab/datasets/cut-in-order.ts'
import { dealGroups, type RowGroup } from '#lab/datasets/deal-groups.ts'

const shares = [0.6, 0.2, 0.2]

function rowsOf(groups: readonly RowGroup[], dealt: Uint8Array, count = 3) {
  const rows = Array.from({ length: count }, () => 0)
  groups.forEach((group, index) => (rows[dealt[index] ?? 0] = (rows[dealt[index] ?? 0] ?? 0) + group.rows))
  return rows
}

/** Groups of 1 to `largest` rows, each of mostly one class. */
function groupsOf(count: number, largest: number, classes: number, random: Random): RowGroup[] {
  return Array.from({ length: count }, () => {
    const rows = 1 + random.below(largest)
    const main = random.below(classes)
    const other = random.below(classes)
    const stray = other === main ? 0 : random.below(rows)
    return { rows, classes: new Map([[main, rows - stray], ...(stray > 0 ? [[other, stray] as const] : [])]) }
  })
}

test('parts keep their shares of rows to less than the largest group, whatever the groups', async () => {
  const random = new Random(7)
  for (let round = 0; round < 60; round++) {
    const largest = 1 + random.below(30)
    const groups = groupsOf(20 + random.below(200), largest, 1, random)
    const all = groups.reduce((sum, { rows }) => sum + rows, 0)
    const rows = rowsOf(groups, await dealGroups(groups, shares, new Random(round)))
    rows.forEach((own, part) => expect(Math.abs(own - (shares[part] ?? 0) * all)).toBeLessThan(largest))
  }
})

test('every class keeps its shares as well, though each group has mostly one', async () => {
  const random = new Random(3)
  const groups = groupsOf(120, 12, 3, random)
  const dealt = await dealGroups(groups, shares, new Random(1))
  for (let name = 0; name < 3; name++) {
    const own = groups.map(({ classes }) => ({ rows: classes.get(name) ?? 0, classes: new Map() }))
    const all = own.reduce((sum, { rows }) => sum + rows, 0)
    rowsOf(own, dealt).forEach((rows, part) => expect(rows / all).toBeCloseTo(shares[part] ?? 0, 1))
  }
})

test('a seed names the deal, and another one deals otherwise; a share of 0 gets nothing', async () => {
  const groups = Array.from({ length: 40 }, () => ({ rows: 5, classes: new Map([[0, 5]]) }))
  const first = await dealGroups(groups, shares, new Random(1))
  expect(await dealGroups(groups, shares, new Random(1))).toEqual(first)
  expect(await dealGroups(groups, shares, new Random(2))).not.toEqual(first)
  expect(rowsOf(groups, await dealGroups(groups, [0.8, 0, 0.2], new Random(1)))).toEqual([160, 0, 40])
})

test('ordered rows are cut where the value changes, as near to the shares as that allows', () => {
  expect(cutInOrder([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], shares)).toEqual([6, 8, 10])
  expect(cutInOrder([1, 1, 1, 1, 1, 2, 2, 2, 2, 3], shares)).toEqual([5, 9, 10])
  // The first cut may not take the last change of value from the second.
  expect(cutInOrder([1, 1, 1, 1, 1, 1, 1, 1, 2, 3], shares)).toEqual([8, 9, 10])
  expect(cutInOrder([1, 2, 2, 2, 2, 2, 2, 2, 2, 3], shares)).toEqual([1, 9, 10])
  expect(cutInOrder([1, 1, 1, 2, 2], [0.5, 0, 0.5])).toEqual([3, 3, 5])
  expect(cutInOrder([1, 2, 3], [1, 0, 0])).toEqual([3, 3, 3])
  expect(cutInOrder([1, 1, 2, 2], shares)).toBeNull()
  expect(cutInOrder([], [1, 0, 0])).toBeNull()
})
