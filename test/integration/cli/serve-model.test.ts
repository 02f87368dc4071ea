/** A network behind an address: rows in, predictions out, everything bounded, and the lab free for others meanwhile. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCli, startCli, temporaryFolder } from '#test/integration/cli/run-cli.ts'
import { writeClasses } from '#test/integration/cli/tables.ts'

test('serve-model predicts as the lab does, describes itself, and refuses in sentences', async () => {
  const folder = temporaryFolder()
  const lab = join(folder, 'lab')
  await runCli(['train', writeClasses(folder), '--target', 'side', '--hidden', '8', '--epochs', '80', '--lab', lab])
  const serving = startCli(['serve-model', '1', '--lab', lab])
  const said = await serving.waitFor(/openapi\.json/)
  const address = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? ''
  const post = async (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) => {
    const response = await fetch(`${address}/predict`, { method: 'POST', body, headers })
    return { status: response.status, ...((await response.json()) as Record<string, unknown>) }
  }
  const rows = [{ x: 0.9, y: '0.8', colour: 'red' }, { x: -0.9, y: -0.8 }, {}]
  const answer = await post(JSON.stringify({ rows }))
  expect(answer).toMatchObject({
    status: 200,
    predictions: [{ label: 'above' }, { label: 'below' }, { probabilities: { above: expect.any(Number) as number } }]
  })
  const description = (await (await fetch(`${address}/openapi.json`)).json()) as {
    openapi: string
    paths: { '/predict': { post: { requestBody: { content: Record<string, { schema: object }> } } } }
  }
  expect(description.openapi).toBe('3.1.0')
  const { schema } = description.paths['/predict'].post.requestBody.content['application/json'] ?? {}
  expect(schema).toMatchObject({
    properties: { rows: { maxItems: 512, items: { properties: { x: {}, y: {}, colour: {} } } } }
  })

  expect(await post('{')).toMatchObject({ status: 422, error: 'The body is no JSON.' })
  expect(await post('{"rows": []}')).toMatchObject({
    status: 422,
    error: expect.stringMatching(/1 to 512 rows/) as string
  })
  expect(await post(JSON.stringify({ rows: [{ size: 1 }] }))).toMatchObject({
    status: 422,
    error: expect.stringMatching(/no column "size"; its columns are x, y, colour/) as string
  })
  expect(await post('{"rows": [{}]}', { 'content-type': 'text/plain' })).toMatchObject({ status: 415 })
  expect(await post(`{"rows": [{"colour": "${'x'.repeat(1_100_000)}"}]}`).catch(() => ({ status: 413 }))).toMatchObject(
    {
      status: 413
    }
  )
  // As a page of another site would ask.
  expect(
    await post('{"rows": [{}]}', { 'content-type': 'application/json', origin: 'http://evil.example' })
  ).toMatchObject({
    status: 421
  })
  // Others own the lab meanwhile.
  expect(
    (await runCli(['train', 'clouds', '--target', 'side', '--hidden', '2', '--epochs', '2', '--lab', lab])).code
  ).toBe(0)
  expect(await post(JSON.stringify({ rows }))).toEqual(answer)
  serving.child.kill('SIGTERM')
  expect((await serving.result).code).toBe(0)
})
