#!/usr/bin/env bash
# ml-fnn 5.0.0 (npm)
#
# A feedforward network of ml-fnn takes numbers as targets and trains without a word, but every distinct target becomes a
# class of a softmax: what it predicts is always one of the numbers it was trained on, never one between or beyond. Its
# errors on a regression look small on a dense grid of targets, and twice as many rows mean twice as many output units.
#
# Below: y = 2x trained on x = 0, 0.25 ... 1; then the predictions for other x, each held against the trained targets.
#
# Seen:
#   y 0, 0.5, 1, 1.5, 2 trained
#   predictions for x 0.1, 0.35, 0.6, 0.9, 5: all of them trained targets: true
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts ml-fnn@5.0.0

cat > line.cjs <<'JS'
const Network = require('ml-fnn')
const inputs = [0, 0.25, 0.5, 0.75, 1]
const targets = inputs.map((x) => 2 * x)
const network = new Network({ hiddenLayers: [6], iterations: 500, learningRate: 0.05, activation: 'tanh' })
network.train(inputs.map((x) => [x]), targets)
const asked = [0.1, 0.35, 0.6, 0.9, 5]
const said = network.predict(asked.map((x) => [x]))
console.log(`y ${targets.join(', ')} trained`)
console.log(
  `predictions for x ${asked.join(', ')}: all of them trained targets: ${said.every((y) => targets.includes(y))}`
)
JS
node line.cjs | tee seen
diff seen - <<'SEEN'
y 0, 0.5, 1, 1.5, 2 trained
predictions for x 0.1, 0.35, 0.6, 0.9, 5: all of them trained targets: true
SEEN
