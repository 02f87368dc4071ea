#!/usr/bin/env bash
# TensorFlow.js 4.22.0 (npm, @tensorflow/tfjs)
#
# heNormal, glorotNormal and leCunNormal draw from a normal distribution cut off at two deviations and do not widen it
# for what was cut: their weights have 0.88 of the deviation that the papers (He et al. 2015; Glorot and Bengio 2010)
# and their own documentation give, since Keras divides by 0.8796 first. The variance of the signal shrinks to 0.77 per
# layer, to 0.08 through ten layers; a network brought over from Keras with the same names begins elsewhere.
#
# Seen (deviation of 1000 x 1000 weights over the one documented):
#   heNormal 0.879
#   glorotNormal 0.879
#   leCunNormal 0.879
#   heUniform 1.000
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @tensorflow/tfjs@4.22.0

cat > deviations.cjs <<'JS'
const tf = require('@tensorflow/tfjs')
const documented = { heNormal: 2 / 1000, glorotNormal: 1 / 1000, leCunNormal: 1 / 1000, heUniform: 2 / 1000 }
tf.setBackend('cpu').then(() => {
  for (const [name, variance] of Object.entries(documented)) {
    const weights = tf.initializers[name]({ seed: 1 }).apply([1000, 1000])
    const deviation = Math.sqrt(tf.moments(weights).variance.dataSync()[0])
    console.log(name, (deviation / Math.sqrt(variance)).toFixed(3))
  }
})
JS
node deviations.cjs 2>/dev/null | grep -E '^[a-zA-Z]+ [0-9.]+$' | tee seen
diff seen - <<'SEEN'
heNormal 0.879
glorotNormal 0.879
leCunNormal 0.879
heUniform 1.000
SEEN
