import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { chosenLabFolder, defaultLabFolder } from '#lab/hosts/lab-folder.ts'

test.each([
  ['win32', { APPDATA: 'C:\\Users\\ada\\AppData\\Roaming' }, 'C:\\Users\\ada\\AppData\\Roaming\\Topology Lab'],
  ['win32', {}, 'C:\\Users\\ada\\AppData\\Roaming\\Topology Lab'],
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
