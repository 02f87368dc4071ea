import { mkdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { createUploads } from '#lab/web/uploads.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

test('a file is taken although there was no room for the one before', async () => {
  const folder = await temporaryFolder()
  // A disk that is not there yet: nothing can be made in it.
  await symlink(join(folder, 'disk'), join(folder, 'lab'))
  const uploads = createUploads(join(folder, 'lab'), 100)
  const send = () => uploads.receive(Readable.from([Buffer.from('a,b')]), 'table.csv')
  expect(await send()).toMatchObject({ kind: 'refused' })
  await mkdir(join(folder, 'disk'))
  const stored = await send()
  const found = stored.kind === 'stored' ? uploads.find(stored.uploadId) : null
  expect(await readFile(found?.path ?? '', 'utf8')).toBe('a,b')
  await uploads.close()
})
