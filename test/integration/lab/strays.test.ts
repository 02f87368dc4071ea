/** What a killed process left beside a person's files, in the lab and in the system's temporary folder goes at the next start. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { makeTemporary } from '#lab/datasets/temporary.ts'
import { Strays } from '#lab/store/strays.ts'
import { openLab } from '#test/integration/lab/support.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false
  )

it('removes what writing has left, and nothing else', async () => {
  const folder = await temporaryFolder()
  const lab = join(folder, 'lab')
  await (await openLab(lab)).lab.close()
  const theirs = join(folder, 'theirs')
  await mkdir(theirs)
  let left = ''
  // A process that is killed never comes to the end of its work; here it is this promise that does not.
  void new Strays(lab).beside(join(theirs, 'model.onnx'), '', async (temporary) => {
    left = temporary
    await mkdir(temporary)
    await writeFile(join(temporary, 'half'), 'x')
    return new Promise(() => undefined)
  })
  while (!(await isThere(join(left, 'half')))) await new Promise((resolve) => setImmediate(resolve))
  // A note that somebody changed leads nowhere.
  await writeFile(join(theirs, 'mine.txt'), 'x')
  await writeFile(join(lab, 'strays', '00000000-0000-0000-0000-000000000000'), join(theirs, 'mine.txt'))
  await mkdir(join(lab, 'uploads'))
  await writeFile(join(lab, 'uploads', 'half.csv'), 'x')
  await openLab(lab)
  expect(await readdir(theirs)).toEqual(['mine.txt'])
  expect(await readdir(join(lab, 'strays'))).toEqual([])
  expect(await isThere(join(lab, 'uploads'))).toBe(false)
})

it('leaves nothing where the work ends, well or not', async () => {
  const folder = await temporaryFolder()
  const strays = new Strays(folder)
  await strays.beside(join(folder, 'a'), '.tmp', (temporary) => writeFile(temporary, 'x'))
  await expect(strays.beside(join(folder, 'a'), '.tmp', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await readdir(folder)).toEqual(['strays'])
  expect(await readdir(join(folder, 'strays'))).toEqual([])
})

it('removes temporary folders of processes that are no more, and none of one that is', async () => {
  const own = await makeTemporary()
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  const gone = await mkdtemp(
    join(
      tmpdir(),
      own
        .split(/[\\/]/)
        .at(-1)
        ?.replace(/-\d+-\w+$/, `-${child.pid}-`) ?? ''
    )
  )
  const other = await mkdtemp(join(tmpdir(), 'topology-lab-000000-1-'))
  onTestFinished(async () => {
    for (const folder of [own, gone, other]) await rm(folder, { recursive: true, force: true })
  })
  await openLab(await temporaryFolder())
  expect([await isThere(own), await isThere(gone), await isThere(other)]).toEqual([true, false, true])
})
