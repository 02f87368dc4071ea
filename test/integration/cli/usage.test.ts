/** Help, wrong usage and empty labs: what needs no data. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root, runCli, startCli, temporaryFolder } from '#test/integration/cli/run-cli.ts'

const folder = temporaryFolder()

test('help and version go to stdout, exit 0, and touch no lab', async () => {
  const [help, trainHelp, version] = await Promise.all([
    runCli(['--help', '--lab', join(folder, 'none')]),
    runCli(['train', '--help', '--lab', join(folder, 'none')]),
    startCli(['--version']).result
  ])
  expect(help).toMatchObject({ code: 0, stderr: '' })
  for (const command of [
    'import',
    'datasets',
    'describe',
    'train',
    'runs',
    'show',
    'resume',
    'stop',
    'test',
    'export',
    'serve'
  ]) {
    expect(help.stdout).toContain(`\n  ${command} `)
  }
  expect(trainHelp).toMatchObject({ code: 0, stderr: '' })
  for (const option of ['--target', '--hidden', '--patience', '--json', '--lab']) {
    expect(trainHelp.stdout).toContain(option)
  }
  const { version: expected } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  expect(version.stdout.trim()).toBe(expected)
  expect(existsSync(join(folder, 'none'))).toBe(false)
})

describe('wrong usage is one line on stderr with a hint, exit 2, and touches no lab', () => {
  test.each([
    [[], 'lab --help'],
    [['trian'], 'lab --help'],
    [['runs', '--nonsense'], 'lab runs --help'],
    [['show'], 'lab show --help'],
    [['show', '1', '2'], 'lab show --help'],
    [['train', 'iris'], 'lab train --help'],
    [['train', 'iris', '--target'], 'lab train --help'],
    [['train', 'iris', '--target', 'species', '--task', 'clustering'], 'lab train --help'],
    [['train', 'iris', '--target', 'species', '--hidden', '64y32'], 'lab train --help'],
    [['train', 'iris', '--target', 'species', '--split', '60/60/60'], 'lab train --help'],
    [['train', 'iris', '--target', 'species', '--epochs', '0'], 'lab train --help'],
    [['train', 'iris', '--target', 'species', '--scale', 'log'], 'lab train --help'],
    [['serve', '--port', '99999'], 'lab serve --help'],
    [['import', 'a.csv', '--name', ' '], 'lab import --help'],
    [['import', 'a.csv', '--delimiter', ';;'], 'lab import --help'],
    [['import', 'a.csv', '--decimal', ';'], 'lab import --help']
  ])('lab %j', async (args, hint) => {
    const lab = join(folder, 'none')
    const result = await runCli([...args, '--lab', lab, '--json'])
    expect(result).toMatchObject({ code: 2, stdout: '' })
    expect(result.stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(result.stderr).toMatch(/^[A-Z-].*[.?)] See: lab /)
    expect(result.stderr).toContain(hint)
    expect(existsSync(lab)).toBe(false)
  })
})

test('an empty lab lists nothing, as text and as one document', async () => {
  const lab = join(folder, 'empty')
  for (const [command, document] of [
    ['datasets', { datasets: [] }],
    ['runs', { runs: [] }]
  ] as const) {
    const text = await runCli([command, '--lab', lab])
    expect(text).toMatchObject({ code: 0, stderr: '' })
    expect(text.stdout).toMatch(/^There is no /)
    const json = await runCli([command, '--lab', lab, '--json'])
    expect(json).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(json.stdout)).toEqual(document)
  }
})

describe('what is not in the lab gets one sentence, exit 1', () => {
  test.each([
    [['describe', 'iris'], 'There is no data set "iris" in this lab'],
    [['train', 'iris', '--target', 'species'], 'There is no data set "iris" in this lab'],
    [['show', '7'], '7'],
    [['show', 'seven'], 'A run is named by its number; "seven" is none'],
    [['resume', '7'], '7'],
    [['stop', '7'], '7'],
    [['test', '7'], '7'],
    [['runs', '--experiment', 'mine'], 'There is no experiment "mine"']
  ])('lab %j', async (args, sentence) => {
    const result = await runCli([...args, '--lab', join(folder, 'lab'), '--json'])
    expect(result).toMatchObject({ code: 1, stdout: '' })
    expect(result.stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(result.stderr).toContain(sentence)
  })
})

test('a lab that was only looked at holds nothing but itself', () => {
  expect(readdirSync(join(folder, 'lab')).sort()).not.toContain('lab.log')
})

test('help on a command that is none says so', async () => {
  const { code, stderr } = await runCli(['help', 'trian'])
  expect({ code, stderr }).toEqual({ code: 2, stderr: "Unknown command 'trian'. See: lab --help\n" })
})
