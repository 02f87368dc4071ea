import { expect, test } from 'vitest'
import { Remembered } from '#lab/datasets/remembered.ts'

test('works an answer out once, also for two who ask at the same moment, and lets the oldest go', async () => {
  const asked: string[] = []
  const remembered = new Remembered<string, string>(2)
  const read = (key: string) =>
    remembered.read(key, () => {
      asked.push(key)
      return Promise.resolve(key.toUpperCase())
    })
  expect(await Promise.all([read('a'), read('a'), read('b')])).toEqual(['A', 'A', 'B'])
  await read('c')
  await read('b')
  await read('a')
  expect(asked).toEqual(['a', 'b', 'c', 'a'])
})

test('keeps no failure, and nothing that is too large', async () => {
  const remembered = new Remembered<string, number>(4, (answer) => answer < 10)
  await expect(remembered.read('a', () => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk')
  expect(await remembered.read('a', () => Promise.resolve(20))).toBe(20)
  expect(await remembered.read('a', () => Promise.resolve(3))).toBe(3)
  expect(await remembered.read('a', () => Promise.resolve(4))).toBe(3)
})
