import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  chosenLabFolder,
  defaultLabFolder,
  earlierLabFolder,
  settleLabFolder,
  windowFilesFolder
} from '#lab/hosts/lab-folder.ts'

test.each([
  ['win32', { LOCALAPPDATA: 'D:\\Local' }, 'D:\\Local\\Topology Lab'],
  ['win32', { APPDATA: 'D:\\Roaming' }, 'C:\\Users\\ada\\AppData\\Local\\Topology Lab'],
  ['darwin', {}, '/Users/ada/Library/Application Support/Topology Lab'],
  ['linux', {}, '/home/ada/.local/share/topology-lab'],
  ['linux', { XDG_DATA_HOME: '/data' }, '/data/topology-lab'],
  ['linux', { XDG_DATA_HOME: 'relative' }, '/home/ada/.local/share/topology-lab'],
  ['linux', { XDG_DATA_HOME: '' }, '/home/ada/.local/share/topology-lab']
] as const)('%s with %o: %s', (platform, env, expected) => {
  const homes = { win32: 'C:\\Users\\ada', darwin: '/Users/ada', linux: '/home/ada' }
  expect(defaultLabFolder(platform, env, homes[platform])).toBe(expected)
})

test.each([
  [['--no-sandbox', '.', '--lab', 'mine', '--inspect=0'], resolve('mine')],
  [['--lab=mine'], resolve('mine')],
  [['.', '--lab'], null],
  [['.'], null]
])('among the arguments %o the lab is %s', (args, expected) => {
  expect(chosenLabFolder(args)).toBe(expected)
})

test('on Windows alone there is an earlier place, and Chromium keeps its files where they do not roam', () => {
  const env = { APPDATA: 'D:\\Roaming', LOCALAPPDATA: '/local' }
  expect(earlierLabFolder('win32', env, 'C:\\Users\\ada')).toBe('D:\\Roaming\\Topology Lab')
  expect(earlierLabFolder('linux', env, '/home/ada')).toBeNull()
  expect(windowFilesFolder('/roaming', 'win32', env)).toBe(join('/local', 'Topology Lab Window'))
  expect(windowFilesFolder('/appData', 'darwin', env)).toBe(join('/appData', 'Topology Lab Window'))
})

describe('the lab of an earlier version', () => {
  let home = ''
  const said: string[] = []
  const settle = () => settleLabFolder(join(home, 'new'), join(home, 'old'), (sentence) => said.push(sentence))
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'topology-lab-folders-'))
    said.length = 0
    mkdirSync(join(home, 'old', 'datasets'), { recursive: true })
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))

  test('is moved as a whole, with a word', () => {
    writeFileSync(join(home, 'old', 'lab.sqlite'), '')
    expect(settle()).toBe(join(home, 'new'))
    expect(readdirSync(join(home, 'new')).sort()).toEqual(['datasets', 'lab.sqlite'])
    expect(said).toEqual([
      `Your lab was moved from ${join(home, 'old')} to ${join(home, 'new')}, which stays on this computer.`
    ])
    expect(settle()).toBe(join(home, 'new'))
    expect(said).toHaveLength(1)
  })

  test('stays where there is a lab at the new place already, and a folder that is no lab is left alone', () => {
    expect(settle()).toBe(join(home, 'new'))
    writeFileSync(join(home, 'old', 'lab.sqlite'), '')
    mkdirSync(join(home, 'new'))
    expect(settle()).toBe(join(home, 'new'))
    expect(readdirSync(join(home, 'old')).sort()).toEqual(['datasets', 'lab.sqlite'])
    expect(said).toEqual([])
  })

  test('is opened where it is when it can not be moved', () => {
    writeFileSync(join(home, 'old', 'lab.sqlite'), '')
    const nowhere = join(home, 'old', 'lab.sqlite', 'new')
    expect(settleLabFolder(nowhere, join(home, 'old'), (sentence) => said.push(sentence))).toBe(join(home, 'old'))
    expect(said).toEqual([])
  })
})
