import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { trainMany } from '#test/unit/engine/training/many-networks.ts'

it('comes to the same bits with vectors of 256 bits, every kernel compiled as it is once it runs hot', () => {
  const flags = ['--experimental-wasm-revectorize', '--no-liftoff']
  const program = resolve(import.meta.dirname, 'many-networks.ts')
  const wide = execFileSync(process.execPath, [...flags, program], { encoding: 'utf8' })
  expect(wide.split('\n')).toEqual(trainMany(6))
})
