/** `lab serve`, and other commands while it has the lab. */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCli, startCli, temporaryFolder } from '#test/integration/cli/run-cli.ts'

const lab = temporaryFolder()
const addressLine = /^Topology Lab: (http:\/\/127\.0\.0\.1:(\d+)\/\?key=[\w-]{43})\n$/

test('serves until it is asked to end; others join it, or learn its address', async () => {
  const host = startCli(['serve', '--no-open', '--lab', lab])
  const [, address = '', port] = addressLine.exec(await host.waitFor(/\n/)) ?? []
  expect(address).not.toBe('')

  const entry = await fetch(address, { redirect: 'manual' })
  expect(entry.status).toBe(303)
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(403)

  const joined = await runCli(['runs', '--lab', lab, '--json'])
  expect(joined).toEqual({ code: 0, stdout: '{"runs":[]}\n', stderr: '' })
  // A command that would change the lab is done by its owner, which also says what is wrong with it.
  const stop = await runCli(['stop', '7', '--lab', lab])
  expect(stop).toMatchObject({ code: 1, stdout: '' })
  expect(stop.stderr).not.toContain('in use')

  const second = await runCli(['serve', '--no-open', '--lab', lab])
  expect(second).toMatchObject({ code: 0, stdout: `Topology Lab: ${address}\n` })

  host.child.kill('SIGINT')
  expect(await host.result).toMatchObject({ code: 0, stdout: `Topology Lab: ${address}\n` })
  expect(existsSync(join(lab, 'owner.json'))).toBe(false)
  await expect(fetch(address)).rejects.toThrow()
})

test('a command that comes while the host closes waits until it has let go of the lab', async () => {
  const host = startCli(['serve', '--no-open', '--lab', lab])
  const [, address = '', port] = addressLine.exec(await host.waitFor(/\n/)) ?? []
  // Whoever says nothing is waited for a moment.
  const silent = connect(Number(port), '127.0.0.1')
  await once(silent, 'connect')
  host.child.kill('SIGTERM')
  const answers = () =>
    fetch(address, { redirect: 'manual' }).then(
      () => true,
      () => false
    )
  await expect.poll(answers, { interval: 5 }).toBe(false)
  expect(await runCli(['runs', '--lab', lab, '--json'])).toEqual({ code: 0, stdout: '{"runs":[]}\n', stderr: '' })
  expect((await host.result).code).toBe(0)
  silent.destroy()
})

test('--json prints the address as a document', async () => {
  const host = startCli(['serve', '--no-open', '--lab', lab, '--json'])
  const document = JSON.parse(await host.waitFor(/\n/)) as { address: string }
  expect(`Topology Lab: ${document.address}\n`).toMatch(addressLine)
  host.child.kill('SIGTERM')
  expect((await host.result).code).toBe(0)
})

test('a port that is taken is said in a sentence', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => taken.once('listening', resolve))
  const { port } = taken.address() as { port: number }
  const result = await runCli(['serve', '--no-open', '--port', String(port), '--lab', lab])
  taken.close()
  expect(result).toEqual({
    code: 1,
    stdout: '',
    stderr: `Port ${port} is in use; choose another one with --port.\n`
  })
})
