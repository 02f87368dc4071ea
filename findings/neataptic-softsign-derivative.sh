#!/usr/bin/env bash
# neataptic 1.4.7 (npm)
#
# The derivative of its softsign x / (1 + |x|) is x / (1 + |x|)^2 where it is 1 / (1 + |x|)^2: nothing at 0, where the
# slope is greatest, and of the wrong sign for every negative input, so that a unit there climbs the error instead of
# descending it. Its other smooth activations agree with their finite differences.
#
# Seen (slope by finite differences, derivative by the library):
#   SOFTSIGN at -1: 0.250 and -0.250
#   SOFTSIGN at 0: 1.000 and 0.000
#   SOFTSIGN at 1: 0.250 and 0.250
#   TANH at -1: 0.420 and 0.420
#   TANH at 0: 1.000 and 1.000
#   TANH at 1: 0.420 and 0.420
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts neataptic@1.4.7

cat > slopes.cjs <<'JS'
const { activation } = require('neataptic').methods
const step = 1e-6
for (const name of ['SOFTSIGN', 'TANH']) {
  for (const x of [-1, 0, 1]) {
    const slope = (activation[name](x + step) - activation[name](x - step)) / (2 * step)
    console.log(`${name} at ${x}: ${slope.toFixed(3)} and ${activation[name](x, true).toFixed(3)}`)
  }
}
JS
node slopes.cjs | tee seen
diff seen - <<'SEEN'
SOFTSIGN at -1: 0.250 and -0.250
SOFTSIGN at 0: 1.000 and 0.000
SOFTSIGN at 1: 0.250 and 0.250
TANH at -1: 0.420 and 0.420
TANH at 0: 1.000 and 1.000
TANH at 1: 0.420 and 0.420
SEEN
