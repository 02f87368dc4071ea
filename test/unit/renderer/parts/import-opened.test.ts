/** Files that the system opens with the app, on an app that keeps what it is asked to take in. */
import { expect, test } from 'vitest'
import { importOpened } from '#renderer/parts/data/import-files.ts'
import type { App } from '#renderer/state/app.svelte.ts'
import type { FilesSource } from '#renderer/state/import-job.svelte.ts'
import type { Place } from '#renderer/pure/places.ts'

function createApp(place: Place, failing = '') {
  const asked: string[] = []
  const imports = { state: { phase: 'idle' } }
  const takeIn = (kind: string) => async (source: FilesSource) => {
    const said = await source.open(new AbortController().signal).then(
      (files) => JSON.stringify(files),
      (error: unknown) => (error as Error).message
    )
    asked.push(`${kind} ${source.label}: ${said}`)
    imports.state = { phase: source.label === failing ? 'failed' : 'idle' }
  }
  const app = {
    navigation: { place, go: (to: Place) => asked.push(`go to ${to.screen}`) },
    imports,
    importFiles: takeIn('table'),
    importBundle: takeIn('bundle'),
    client: {
      models: {
        import: (request: { experimentId: number; file: unknown }) => {
          asked.push(`model ${JSON.stringify(request.file)} into ${request.experimentId}`)
          return Promise.resolve({ id: 7 })
        }
      }
    },
    runs: { put: () => undefined }
  }
  return { app: app as unknown as App, asked }
}

test('bundles and tables are taken in one after another, each by its whole path', async () => {
  const { app, asked } = createApp({ screen: 'data' })
  await importOpened(app, ['/home/ada/a #1.csv', '/home/ada/iris.toplab'])
  expect(asked).toEqual([
    'go to data',
    'bundle iris.toplab: [{"path":"/home/ada/iris.toplab"}]',
    'go to data',
    'table a #1.csv: [{"path":"/home/ada/a #1.csv"}]'
  ])
})

test('what failed stays on the screen: nothing is taken in after it', async () => {
  const { app, asked } = createApp({ screen: 'data' }, 'a.csv')
  await importOpened(app, ['/a.csv', '/b.csv'])
  expect(asked).toEqual(['go to data', 'table a.csv: [{"path":"/a.csv"}]'])
})

test('a network goes into the experiment on the screen, and elsewhere says where it belongs', async () => {
  const there = createApp({ screen: 'experiment', experimentId: 3, runId: null })
  await importOpened(there.app, ['/net.onnx'])
  expect(there.asked).toEqual(['model {"path":"/net.onnx"} into 3', 'go to model'])
  const elsewhere = createApp({ screen: 'data' })
  await importOpened(elsewhere.app, ['/net.onnx'])
  expect(elsewhere.asked).toEqual([
    'go to data',
    'table net.onnx: net.onnx is a network: go to the experiment that it belongs to, and open it again.'
  ])
})
