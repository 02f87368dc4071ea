/** What the advice on a complexity curve asks of a person: to train on, and which differences make none. */
import { ORPCError } from '@orpc/client'
import { expect, test } from 'vitest'
import TrainOn from '#renderer/parts/complexity/TrainOn.svelte'
import ZoneChoice from '#renderer/parts/complexity/ZoneChoice.svelte'

import { show } from '#test/components/part.ts'
import { errorWriter } from '#words/errors.ts'

test('one button trains on what was still learning; what the lab refuses stands beside it', async () => {
  let asked = 0
  const ontrain = () => {
    asked++
    return asked > 1
      ? Promise.reject(
          new ORPCError('CONFLICT', { message: 'No topology was still learning.', data: {}, defined: true })
        )
      : Promise.resolve()
  }
  const page = show(TrainOn, { trainOn: { runs: 4, epochs: 1200 }, topologies: 2, ontrain })
  await expect.element(page.getByText(/4 runs from their checkpoints, up to\s+epoch\s+1,200\./)).toBeInTheDocument()
  const button = page.getByRole('button', { name: 'Train those on' })
  await button.click()
  await expect.poll(() => asked).toBe(1)
  await button.click()
  await expect.poll(() => asked).toBe(2)
  await expect.element(page.getByText(/No topology was still learning\./)).toBeInTheDocument()
})

test('the zone is told as a share and in the unit of the error, and another one is asked for at once', async () => {
  const shares: number[] = []
  const onchange = (share: number) => Promise.resolve(void shares.push(share))
  const zone = { share: 0.03, value: 0.004 }
  const page = show(ZoneChoice, { zone, write: errorWriter('error'), onchange })
  await expect.poll(() => document.body.textContent).toMatch(/of the lowest error, 0\.40?\s*%/)
  const select = page.getByRole('combobox', { name: 'Zone of practical equality' })
  await expect.element(select).toHaveValue('0.03')
  await select.selectOptions('0.05')
  await expect.poll(() => shares).toEqual([0.05])
})
