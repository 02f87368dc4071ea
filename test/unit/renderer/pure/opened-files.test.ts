import { expect, test } from 'vitest'
import { nameOfPath, sortOpened } from '#renderer/pure/opened-files.ts'

test('opened files are sorted by what they are, in their order', () => {
  expect(sortOpened(['/b.csv', 'C:\\x\\One.TOPLAB', '/a.parquet', '/net.onnx', '/two.toplab'])).toEqual({
    bundles: ['C:\\x\\One.TOPLAB', '/two.toplab'],
    models: ['/net.onnx'],
    tables: ['/b.csv', '/a.parquet']
  })
})

test.each([
  ['/home/ada/run #3 50%.csv', 'run #3 50%.csv'],
  ['C:\\Users\\ada\\Käse.tsv', 'Käse.tsv'],
  ['iris.csv', 'iris.csv']
])('the name of %s is %s', (path, expected) => {
  expect(nameOfPath(path)).toBe(expected)
})
