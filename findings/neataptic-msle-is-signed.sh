#!/usr/bin/env bash
# neataptic 1.4.7 (npm)
#
# Its cost "MSLE" (mean squared logarithmic error) is neither squared nor a mean: it sums log(target) - log(output) with
# its sign. Outputs that are too large give negative costs, outputs too large and too small cancel out, and training with
# this cost ends at once: a negative error lies below any error one asks for, after one round and nothing learned.
#
# Seen:
#   outputs 3 and 1 for targets 1 and 1: -1.0986 (mean squared logarithmic error 0.6035)
#   outputs 4 and 1 for targets 2 and 2: 0.0000 (mean squared logarithmic error 0.4805)
#   training asked for 1000 iterations and an error of 0.0001: 1 iteration, error below zero: true
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts neataptic@1.4.7

cat > cost.cjs <<'JS'
const { architect, methods } = require('neataptic')
const squared = (target, output) =>
  target.reduce((sum, t, at) => sum + (Math.log(t) - Math.log(output[at])) ** 2, 0) / target.length
for (const [target, output] of [[[1, 1], [3, 1]], [[2, 2], [4, 1]]]) {
  const cost = methods.cost.MSLE(target, output)
  console.log(
    `outputs ${output.join(' and ')} for targets ${target.join(' and ')}: ${cost.toFixed(4)}` +
      ` (mean squared logarithmic error ${squared(target, output).toFixed(4)})`
  )
}
// A fresh logistic output lies near 0.5, far above these targets.
const rows = [0, 0.5, 1].map((x) => ({ input: [x], output: [0.01 + x / 50] }))
const ended = new architect.Perceptron(1, 3, 1).train(rows, {
  iterations: 1000,
  error: 0.0001,
  cost: methods.cost.MSLE,
  rate: 0.1
})
console.log(
  `training asked for 1000 iterations and an error of 0.0001: ${ended.iterations} iteration,` +
    ` error below zero: ${ended.error < 0}`
)
JS
node cost.cjs | tee seen
diff seen - <<'SEEN'
outputs 3 and 1 for targets 1 and 1: -1.0986 (mean squared logarithmic error 0.6035)
outputs 4 and 1 for targets 2 and 2: 0.0000 (mean squared logarithmic error 0.4805)
training asked for 1000 iterations and an error of 0.0001: 1 iteration, error below zero: true
SEEN
