#!/usr/bin/env bash
# TensorFlow.js 4.22.0 (npm, @tensorflow/tfjs)
#
# The metrics precision and recall compare predictions with exactly 1, without a threshold: probabilities count as no
# positive at all, so that both are 0 for every network with a sigmoid at its end, however good, while binaryAccuracy
# beside them rounds at 0.5. Keras, whose names they bear, takes 0.5 for all three.
#
# Seen (four rows, all of them on the right side of 0.5):
#   probabilities: precision 0, recall 0, binary accuracy 1
#   rounded: precision 1, recall 1, binary accuracy 1
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @tensorflow/tfjs@4.22.0

cat > metrics.cjs <<'JS'
const tf = require('@tensorflow/tfjs')
tf.setBackend('cpu').then(() => {
  const labels = tf.tensor2d([[1], [1], [0], [0]])
  const probabilities = tf.tensor2d([[0.97], [0.88], [0.06], [0.11]])
  const { precision, recall, binaryAccuracy } = tf.metrics
  for (const [name, said] of [['probabilities', probabilities], ['rounded', tf.round(probabilities)]]) {
    const accuracy = tf.mean(binaryAccuracy(labels, said)).dataSync()[0]
    console.log(
      `${name}: precision ${precision(labels, said).dataSync()[0]},` +
        ` recall ${recall(labels, said).dataSync()[0]}, binary accuracy ${accuracy}`
    )
  }
})
JS
node metrics.cjs 2>/dev/null | grep precision | tee seen
diff seen - <<'SEEN'
probabilities: precision 0, recall 0, binary accuracy 1
rounded: precision 1, recall 1, binary accuracy 1
SEEN
