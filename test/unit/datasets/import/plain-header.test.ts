/** Which line feeds of a header would mislead DuckDB about the line ends of the file. */
import { expect, it } from 'vitest'
import { misleadingBreaks } from '#lab/datasets/import/plain-header.ts'

const places = (text: string, { skipped = 0, escape = '"' } = {}) => [
  ...misleadingBreaks(Buffer.from(text), { delimiter: ',', quote: '"', escape }, skipped)
]

it('finds those inside quoted names, up to the first line end', () => {
  expect(places('a,"b\nc"\r\n1,"u\nv"\r\n')).toEqual([4])
  expect(places('"a\n""b""\nc",d\r\n1,2\r\n')).toEqual([2, 8])
  expect(places('"a \\"b\\"\nc",d\r\n1,2\r\n', { escape: '\\' })).toEqual([8])
})

it('counts bytes from the start of the file, over its mark and the lines before the header', () => {
  expect(places('\ufeffsep=,\r\n"\u00e4\nb",c\r\n1,2\r\n', { skipped: 1 })).toEqual([13])
})

it('finds none where line ends are line feeds, where names have the line ends of the file, or in rows', () => {
  expect(places('"a\nb",c\n1,2\n')).toEqual([])
  expect(places('"a\r\nb",c\r\n1,2\r\n')).toEqual([])
  expect(places('a,b\r\n1,"u\nv"\r\n')).toEqual([])
  // A quote within a name that is not quoted opens nothing.
  expect(places('5" pipe,b\r\n1,"u\nv"\r\n')).toEqual([])
})
