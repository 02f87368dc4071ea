#!/usr/bin/env bash
# TensorFlow.js 4.22.0 (npm, @tensorflow/tfjs)
#
# The leaky ReLU has two default slopes in one package: 0.2 as an operation (tf.leakyRelu), 0.3 as a layer
# (tf.layers.leakyReLU); the paper (Maas et al. 2013), PyTorch and ONNX have 0.01. A network whose layers are written
# out by hand from its model, or brought over by name alone, predicts something else.
#
# Seen (at -1):
#   operation -0.2, layer -0.3
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @tensorflow/tfjs@4.22.0

cat > slopes.cjs <<'JS'
const tf = require('@tensorflow/tfjs')
tf.setBackend('cpu').then(() => {
  const at = tf.tensor2d([[-1]])
  const [operation, layer] = [tf.leakyRelu(at), tf.layers.leakyReLU().apply(at)].map((y) => y.dataSync()[0].toFixed(1))
  console.log(`operation ${operation}, layer ${layer}`)
})
JS
node slopes.cjs 2>/dev/null | grep operation | tee seen
diff seen - <<'SEEN'
operation -0.2, layer -0.3
SEEN
