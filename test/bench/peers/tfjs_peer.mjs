/**
 * TensorFlow.js with its WebAssembly backend on one case: prints samples a second as a JSON line.
 * usage: node tfjs_peer.mjs CASES.json CASE THREADS SECONDS     in a folder that has @tensorflow/tfjs and
 * @tensorflow/tfjs-backend-wasm installed
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const [path, wanted, threads, seconds] = process.argv.slice(2)
const require = createRequire(join(process.cwd(), 'package.json'))
const tf = require('@tensorflow/tfjs')
const backend = require('@tensorflow/tfjs-backend-wasm')
const { layers, hidden, loss, optimizer, batch, samples } = JSON.parse(readFileSync(path, 'utf8')).find(
  ({ id }) => id === wanted
)
backend.setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`)
backend.setThreadsCount(Number(threads))
await tf.setBackend('wasm')

const [activation, lossName] = {
  cross_entropy: ['softmax', 'categoricalCrossentropy'],
  binary_cross_entropy: ['sigmoid', 'binaryCrossentropy'],
  mean_squared_error: ['linear', 'meanSquaredError']
}[loss]
const outputs = layers.at(-1)
const network = tf.sequential({
  layers: layers.slice(1).map((units, index, { length }) =>
    tf.layers.dense({
      units,
      activation: index === length - 1 ? activation : hidden,
      ...(index === 0 ? { inputShape: [layers[0]] } : {})
    })
  )
})
network.compile({ loss: lossName, optimizer: optimizer === 'adam' ? tf.train.adam(0.001) : tf.train.sgd(0.01) })

// It is slow enough for ten batches or more to give its speed; an epoch of all of them would take half a minute.
const rows = Math.min(samples, Math.max(1280, 10 * batch))
const x = tf.randomNormal([rows, layers[0]])
const t =
  loss === 'cross_entropy'
    ? tf.oneHot(tf.randomUniform([rows], 0, outputs, 'int32'), outputs).toFloat()
    : loss === 'binary_cross_entropy'
      ? tf.randomUniform([rows, 1]).round()
      : tf.randomNormal([rows, outputs])
const fit = (epochs) => network.fit(x, t, { epochs, batchSize: batch, shuffle: true, verbose: 0, yieldEvery: 'never' })

await fit(1)
const begin = performance.now()
let epochs = 0
for (; epochs < 1 || performance.now() - begin < Number(seconds) * 1000; epochs++) await fit(1)
const samplesPerSecond = (epochs * rows) / ((performance.now() - begin) / 1000)
console.log(JSON.stringify({ peer: `tensorflow.js ${tf.version_core} wasm`, samplesPerSecond }))
