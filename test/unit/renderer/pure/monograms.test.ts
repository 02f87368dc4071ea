import { expect, it } from 'vitest'
import { monograms } from '#renderer/pure/monograms.ts'

it('tells names apart that begin alike, even equal ones', () => {
  expect(monograms(['iris: species', 'penguins: species', 'penguins: sex', 'penguins: species 2'])).toEqual([
    'ir',
    'pe',
    'ps',
    'p2'
  ])
  const same = monograms(Array.from({ length: 4 }, () => 'iris: species'))
  expect(same).toEqual(['ir', 'is', 'i2', 'i3'])
})

it('has something for names of signs or of one letter', () => {
  expect(monograms(['x', '??', '#1', 'ä'])).toEqual(['x', '#2', '1', 'ä'])
})
