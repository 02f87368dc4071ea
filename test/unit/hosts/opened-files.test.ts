import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { filesAmong, OpenedFiles, openedEndings } from '#lab/hosts/opened-files.ts'

describe('the files among the arguments of a start', () => {
  test.each([
    [['/opt/Topology Lab/topology-lab', '/home/ada/iris.csv'], ['/home/ada/iris.csv']],
    [['electron', '--inspect=0', '.', 'iris.csv', '--lab', 'mine'], [resolve('/home/ada', 'iris.csv')]],
    [
      ['app', '/a/run #3 100%25.toplab', '/a/größe 1.TSV'],
      ['/a/run #3 100%25.toplab', '/a/größe 1.TSV']
    ],
    [['app', 'file:///a/run%20%233%20100%25.onnx'], ['/a/run #3 100%.onnx']],
    [['app', '--allow-file=x.csv', '/a/notes.txt', 'file://elsewhere/a.csv', 'file:%'], []]
  ])('%o: %o', (args, expected) => {
    expect(filesAmong(args, '/home/ada')).toEqual(expected)
  })

  test('an address of the system leads to the file of that name', () => {
    const path = '/data/Käse & Brot/50% #1.parquet'
    expect(filesAmong([pathToFileURL(path).href], '/')).toEqual([path])
  })
})

describe('opened files', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('wait for the page, and those that were opened together come together', () => {
    const opened = new OpenedFiles()
    const taken: string[][] = []
    opened.add(['/images.csv'])
    vi.runAllTimers()
    opened.listen((paths) => taken.push(paths))
    opened.add(['/labels.csv'])
    opened.add(['/labels.csv'])
    vi.runAllTimers()
    expect(taken).toEqual([['/images.csv', '/labels.csv']])
    opened.add(['/labels.csv'])
    vi.runAllTimers()
    expect(taken[1]).toEqual(['/labels.csv'])
  })

  test('of a second start are taken only where it hands a list of texts', () => {
    const opened = new OpenedFiles()
    const taken: string[][] = []
    opened.listen((paths) => taken.push(paths))
    for (const other of [undefined, null, '/a.csv', ['/a.csv'], { files: '/a.csv' }]) opened.addHanded(other)
    opened.addHanded({ files: ['/b.csv', 1, null] })
    vi.runAllTimers()
    expect(taken).toEqual([['/b.csv']])
  })

  test('wait again once the page is gone', () => {
    const opened = new OpenedFiles()
    const taken: string[][] = []
    opened.listen(() => undefined)()
    opened.add(['/a.csv'])
    vi.runAllTimers()
    opened.listen((paths) => taken.push(paths))
    vi.runAllTimers()
    expect(taken).toEqual([['/a.csv']])
  })
})

test('each system is told of what the app opens, and no table is taken from the program that a person opens it with', () => {
  const { build } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../package.json'), 'utf8')) as {
    build: Record<'mac' | 'linux' | 'win' | 'nsis', Record<string, unknown>> & { fileAssociations: Association[] }
  }
  interface Association {
    readonly ext: string
    readonly rank?: string
  }
  const own = build.fileAssociations.map(({ ext }) => ext)
  expect(own).toEqual(['toplab'])
  const mac = build.mac['fileAssociations'] as Association[]
  expect([...own, ...mac.map(({ ext }) => ext)]).toEqual([...openedEndings])
  expect(mac.every(({ rank }) => rank === 'Alternate')).toBe(true)
  // The installer of Windows makes what is associated its own, so there the others are offered under "Open with" alone.
  expect(build.win).not.toHaveProperty('fileAssociations')
  const script = readFileSync(resolve(import.meta.dirname, '../../..', `${build.nsis['include'] as string}`), 'utf8')
  for (const ending of openedEndings) if (!own.includes(ending)) expect(script).toContain(`".${ending}"`)
})
