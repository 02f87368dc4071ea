import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createOutput } from '#lab/cli/output.ts'

function terminal(isTTY: boolean) {
  const stdout = new PassThrough()
  const stderr = Object.assign(new PassThrough(), { isTTY, columns: 60 })
  const read = (stream: PassThrough) => String(stream.read() ?? '')
  return { stdout, stderr, read: () => ({ stdout: read(stdout), stderr: read(stderr) }) }
}

test('--json prints one document and nothing else on stdout; what is not finite is null', () => {
  const streams = terminal(true)
  const output = createOutput(streams, { json: true, quiet: false })
  output.progress(0.5, 'half way')
  output.say('a remark')
  output.result({ loss: NaN, r2: -Infinity, accuracy: 1 }, () => 'text')
  const { stdout, stderr } = streams.read()
  expect(stdout).toBe('{"loss":null,"r2":null,"accuracy":1}\n')
  expect(stderr).toContain('half way')
  expect(stderr).toContain('a remark\n')
})

test('progress is drawn on terminals only, within one line, and wiped before the result', () => {
  const streams = terminal(true)
  const output = createOutput(streams, { json: false, quiet: false })
  output.progress(0.25, 'x'.repeat(200))
  output.result(null, () => 'the result')
  const { stdout, stderr } = streams.read()
  expect(stdout).toBe('the result\n')
  expect(stderr).toContain('[######..................] ')
  expect(stderr.replaceAll('\r\u001b[K', '')).toHaveLength(59)
  expect(stderr.endsWith('\r\u001b[K')).toBe(true)

  const file = terminal(false)
  createOutput(file, { json: false, quiet: false }).progress(0.25, 'half way')
  expect(file.read().stderr).toBe('')
})

test('--quiet keeps the result and the reason of a failure', () => {
  const streams = terminal(true)
  const output = createOutput(streams, { json: false, quiet: true })
  output.progress(null, 'reading')
  output.say('a remark')
  output.fail('It failed.')
  output.result(null, () => 'the result')
  expect(streams.read()).toEqual({ stdout: 'the result\n', stderr: 'It failed.\n' })
})

test('signs that steer a terminal are shown and steer nothing', () => {
  const streams = terminal(true)
  const output = createOutput(streams, { json: false, quiet: false })
  output.say('a column \u001b[31mred\u0007, and one \u202eturned')
  output.result(null, () => 'a\tb\nc\u009b2J')
  const { stdout, stderr } = streams.read()
  expect(stderr).toBe('a column \\u001b[31mred\\u0007, and one \\u202eturned\n')
  expect(stdout).toBe('a\tb\nc\\u009b2J\n')
})
