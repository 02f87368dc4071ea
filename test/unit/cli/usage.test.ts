import { describe, expect, test } from 'vitest'
import { ranges } from '#engine/setting.ts'
import { settings } from '#engine/training/settings.ts'
import { readOption, readValues } from '#lab/cli/plan-settings.ts'
import { readHidden, readRange, readSplit, readWhole, UsageError } from '#lab/cli/usage.ts'

const readBatch = readOption('--batch', settings.batchSize)
const readClassWeights = readOption('--class-weights', settings.classWeights)
const readRate = readOption('--learning-rate', settings['optimizer.learningRate'])

test('what is right is read', () => {
  expect(readSplit('70/15/15')).toEqual({ train: 70, validation: 15, test: 15 })
  expect(readSplit('80/20/0')).toEqual({ train: 80, validation: 20, test: 0 })
  expect(readBatch('full')).toBe('full')
  expect(readBatch('64')).toBe(64)
  expect(readWhole('--seed', 0)('0')).toBe(0)
  expect(readRate('1e-3')).toBe(0.001)
  expect(readHidden('64x2a').map((layer) => layer.size)).toEqual(['64', '2a'])
  expect(readHidden('none')).toEqual([])
  expect(readClassWeights('balanced')).toBe('balanced')
  expect(readClassWeights('1,2.5,0')).toEqual([1, 2.5, 0])
  expect(readOption('--init', settings['initialisation.name'])('uniform')).toBe('uniform')
  expect(readValues('--batch', settings.batchSize)('16, full')).toEqual([16, 'full'])
  expect(readValues('--class-weights', settings.classWeights)('balanced;1,2;none')).toEqual(['balanced', [1, 2], null])
})

describe('what is wrong gets a sentence that names the option and what was written', () => {
  test.each([
    ['--split', '60/20', () => readSplit('60/20')],
    ['--split', '60/20/30', () => readSplit('60/20/30')],
    ['--split', '0/50/50', () => readSplit('0/50/50')],
    ['--split', '60/-20/60', () => readSplit('60/-20/60')],
    ['--batch', '0', () => readBatch('0')],
    ['--batch', '1.5', () => readBatch('1.5')],
    ['--seed', 'one', () => readWhole('--seed', 0)('one')],
    ['--seed', '', () => readWhole('--seed', 0)('')],
    ['--class-weights', '1,-2', () => readClassWeights('1,-2')],
    ['--class-weights', '1,', () => readClassWeights('1,')],
    ['--init', 'heavy', () => readOption('--init', settings['initialisation.name'])('heavy')],
    ['--port', '70000', () => readWhole('--port', 0, 65_535)('70000')],
    ['--learning-rate', '0', () => readRate('0')],
    ['--learning-rate', 'NaN', () => readRate('NaN')],
    ['--batch', 'all', () => readValues('--batch', settings.batchSize)('16,all')],
    ['--budget-minutes', '0', () => readRange('--budget-minutes', ranges.positive)('0')],
    ['--hidden', '64y32', () => readHidden('64y32')],
    ['--hidden', '99999', () => readHidden('99999')]
  ])('%s %s', (option, text, read) => {
    expect(read).toThrow(UsageError)
    expect(read).toThrow(option)
    expect(read).toThrow(`"${text}"`)
  })
})
