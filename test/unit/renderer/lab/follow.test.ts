import { ORPCError, withEventMeta } from '@orpc/client'
import { expect, test } from 'vitest'
import { follow, type FollowOptions } from '#renderer/lab/follow.ts'

const event = (id: number) => withEventMeta({ value: id }, { id: `${id}` })

test('a stream that breaks off goes on after the last event seen', async () => {
  const opened: (string | undefined)[] = []
  const seen: number[] = []
  async function* open({ lastEventId }: FollowOptions) {
    await Promise.resolve()
    opened.push(lastEventId)
    if (lastEventId === undefined) {
      yield event(1)
      yield event(2)
      throw new Error('The socket closed.')
    }
    yield event(3)
  }
  await follow(
    (options) => Promise.resolve(open(options)),
    (item) => seen.push(item.value),
    new AbortController().signal
  )
  expect(seen).toEqual([1, 2, 3])
  expect(opened).toEqual([undefined, '2'])
})

test("the lab's own refusal is the end of it", async () => {
  const refused = follow(
    () => Promise.reject(new ORPCError('not_found', { message: 'Run 7 is not in this lab.' })),
    () => undefined,
    new AbortController().signal
  )
  await expect(refused).rejects.toThrow('Run 7 is not in this lab.')
})

test('nothing is handed on after the end was asked for', async () => {
  const abort = new AbortController()
  const seen: number[] = []
  async function* open() {
    await Promise.resolve()
    yield event(1)
    yield event(2)
  }
  const onItem = (item: { value: number }) => {
    seen.push(item.value)
    abort.abort()
  }
  await follow(() => Promise.resolve(open()), onItem, abort.signal)
  expect(seen).toEqual([1])
})
