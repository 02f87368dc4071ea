#!/usr/bin/env bash
# ydf-training 0.0.1 (npm), Yggdrasil Decision Forests in WebAssembly
#
# For two classes predict() gives one number a row: the probability of the class that is rarer in the training rows (of
# two equal ones, of the one whose name sorts first). The same forest on the same problem tells the opposite after a few
# more rows of one class, while for three classes a row has all of them, the most frequent first. Only
# getLabelClasses(), whose last name is the one meant, tells which it is; neither the order of the names nor that of
# their first row does.
#
# Below: x near 0 is "no", x near 1 is "yes"; what is predicted for x = 0.
#
# Seen:
#   60 no, 40 yes: 0.00 (classes no, yes)
#   40 no, 60 yes: 1.00 (classes yes, no)
#   50 no, 50 yes: 1.00 (classes yes, no)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts ydf-training@0.0.1

cat > classes.cjs <<'JS'
require('ydf-training')().then((ydf) => {
  for (const [no, yes] of [[60, 40], [40, 60], [50, 50]]) {
    const rows = (count, from, label) => Array.from({ length: count }, (_, at) => `${from + (at % 10) / 100},${label}`)
    const table = ['x,answer', ...rows(no, 0, 'no'), ...rows(yes, 1, 'yes'), ''].join('\n')
    const forest = new ydf.RandomForestLearner('answer', 'CLASSIFICATION').train(table)
    const [probability] = forest.predict('x,answer\n0,no\n')
    console.log(`${no} no, ${yes} yes: ${probability.toFixed(2)} (classes ${forest.getLabelClasses().join(', ')})`)
    forest.unload()
  }
})
JS
node classes.cjs 2>/dev/null | grep ' no, ' | tee seen
diff seen - <<'SEEN'
60 no, 40 yes: 0.00 (classes no, yes)
40 no, 60 yes: 1.00 (classes yes, no)
50 no, 50 yes: 1.00 (classes yes, no)
SEEN
