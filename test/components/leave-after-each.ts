/** After every test the page is as empty as before it. */
import { afterEach } from 'vitest'
import { leave } from '#test/components/part.ts'

afterEach(async () => {
  await leave()
  localStorage.clear()
  location.hash = ''
})
