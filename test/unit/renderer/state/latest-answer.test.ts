import { expect, it } from 'vitest'
import { LatestAnswer } from '#renderer/state/latest-answer.svelte.ts'

it('asks one question at a time, and of those that came meanwhile only the newest', async () => {
  const asked: number[] = []
  const answers: ((answer: string) => void)[] = []
  const questions = new LatestAnswer(
    (question: number) => {
      asked.push(question)
      return new Promise<string>((resolve) => answers.push(resolve))
    },
    (error) => String(error)
  )
  for (const question of [1, 2, 3, 4]) questions.ask(question)
  expect(asked).toEqual([1])
  answers[0]?.('first')
  await Promise.resolve()
  await Promise.resolve()
  expect(questions.answer).toBe('first')
  expect(asked).toEqual([1, 4])
})

it('keeps the last answer beside the sentence of a failure, and forgets the sentence with the next answer', async () => {
  const questions = new LatestAnswer(
    (question: number) => (question === 2 ? Promise.reject(new Error('No.')) : Promise.resolve(question)),
    (error) => (error as Error).message
  )
  const settled = async () => {
    for (let turn = 0; turn < 4; turn++) await Promise.resolve()
  }
  questions.ask(1)
  await settled()
  questions.ask(2)
  await settled()
  expect([questions.answer, questions.failure]).toEqual([1, 'No.'])
  questions.ask(3)
  await settled()
  expect([questions.answer, questions.failure]).toEqual([3, null])
})
