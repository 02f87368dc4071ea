import { expect, test } from 'vitest'
import { hrefOf, parsePlace, type Place } from '#renderer/pure/places.ts'

test.each<Place>([
  { screen: 'data' },
  { screen: 'dataset', datasetId: 'a1b2c3' },
  { screen: 'experiment', experimentId: 3, runId: null },
  { screen: 'experiment', experimentId: 3, runId: 17 },
  { screen: 'model', runId: 17 },
  { screen: 'foundations', station: null, state: '' },
  { screen: 'foundations', station: 'perceptron', state: '' },
  { screen: 'foundations', station: 'perceptron', state: 'rate=0.1&points=0,1,1;-2.5,3,0' }
])('%o survives a reload', (place) => {
  expect(parsePlace(hrefOf(place))).toEqual(place)
})

test.each(['', '#', '#/nowhere', '#/experiments/abc', '#/experiments/-1', '#/data/%E0%A4%A'])(
  '"%s" leads to the data',
  (hash) => {
    expect(parsePlace(hash)).toEqual({ screen: 'data' })
  }
)
