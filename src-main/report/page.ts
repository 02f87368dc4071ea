/** The report as one HTML file: no reference to anything outside, light, and made to be printed on A4. */
import { formatHidden, hiddenLayers, outputLayer, type Topology } from '#engine/network/topology.ts'
import { furtherHiddenSettings, planSettings } from '#engine/training/plan-settings.ts'
import type { ReportDocument } from '#contract/report.ts'
import { drawCurve } from '#lab/report/chart.ts'
import { type Markup, markup } from '#lab/report/markup.ts'
import { errorOf } from '#trials/measure.ts'
import { errorWriter } from '#words/errors.ts'
import { describeMetrics } from '#words/metrics.ts'
import { formatCount, formatNumbered } from '#words/numbers.ts'
import { describeSplit } from '#words/splits.ts'
import { formatUtc } from '#words/times.ts'

/** More columns than these are left to the JSON document. */
const mostColumns = 60

/** Writes the page. */
export function writeReportPage(report: ReportDocument): string {
  const { experiment, question, data } = report
  const predicts = question.task === 'classification' ? `one of ${question.classes?.length ?? 0} classes` : 'a number'
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${experiment.name}: report</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${experiment.name}</h1>
<p>Predicts <strong>${question.target}</strong>, ${predicts}, from ${data.inputs} inputs. Written by Topology Lab ${report.lab} on ${formatUtc(report.writtenAt)}.</p>
${experiment.note !== '' && markup`<p class="note">${experiment.note}</p>`}
</header>
${outcome(report)}
${dataSection(report)}
${triedSection(report)}
${choiceSection(report)}
${modelSection(report)}
${testSection(report)}
${columnsSection(report)}
</body>
</html>
`.text
}

/** The answer first: what was chosen, and what it is worth. */
function outcome(report: ReportDocument): Markup {
  const [choice] = report.choices
  const { model, openings } = report
  const ofModel = openings.findLast(({ runId }) => runId !== null && runId === model?.runId)
  const error = errorWriter(report.measure.name)
  return markup`<section class="outcome"><dl>
<dt>Choice</dt><dd>${choice ? `${choice.topology}${choice.rule === 'suggested' ? ', as suggested' : ', against the suggestion'}` : 'None yet'}</dd>
<dt>Validation error</dt><dd>${choice ? error(validationOf(report)) : '-'}</dd>
<dt>Test error</dt><dd class="test">${ofModel ? error(errorOf(ofModel.test)) : openings.length > 0 ? 'Sealed for this model; opened for others' : 'Sealed: it was not opened'}</dd>
${ofModel && markup`<dt>Opening</dt><dd>${ofModel.count === 1 ? 'The first: these rows had not been seen' : `Number ${ofModel.count}: these rows had been seen before`}</dd>`}
</dl></section>`
}

function dataSection({ data, question, folds }: ReportDocument): Markup {
  const { rows, split, preparation } = data
  const byFold = folds === null ? '' : '; for each fold from its own training rows'
  return markup`<section><h2>Data</h2>
<table class="facts">
${fact('Table', `${data.name}, from ${data.source}`)}
${data.reading && data.reading.length > 0 && fact('Read as', data.reading.join(', '))}
${fact('Content hash', markup`<code>${data.hash}</code>`)}
${fact('Rows', `${rows.train} training, ${rows.validation} validation, ${rows.test} test${rows.dropped > 0 ? `, ${rows.dropped} left out` : ''}`)}
${fact('Split', describeSplit(split))}
${fact('Missing values', preparation.missing === 'drop' ? 'rows dropped' : `filled in from the training part${preparation.indicators ? ', with indicators' : ''}${byFold}`)}
${fact('Scaling', `${preparation.scaling}, fitted on the training part alone${byFold}`)}
${question.classes && fact('Classes', question.classes.slice(0, 100).join(', '))}
</table>
${data.warnings.map((warning) => markup`<p class="warning">${warning}</p>`)}
</section>`
}

function columnsSection({ data }: ReportDocument): Markup {
  const shown = data.columns.slice(0, mostColumns)
  return markup`<section><h2>Columns</h2>
<table><thead><tr><th>Column</th><th>Role</th><th>Read as</th></tr></thead><tbody>
${shown.map(({ name, role, treatAs }) => markup`<tr><td>${name}</td><td>${role}</td><td>${role === 'input' ? treatAs : ''}</td></tr>`)}
</tbody></table>
${data.columns.length > shown.length && markup`<p>And ${data.columns.length - shown.length} more, which the JSON report lists.</p>`}
</section>`
}

function triedSection(report: ReportDocument): Markup {
  const { tried, measure, folds, suggestion, luck, rule } = report
  const error = errorWriter(report.measure.name)
  if (tried.length === 0) return markup`<section><h2>What was tried</h2><p>No run has ended yet.</p></section>`
  return markup`<section><h2>What was tried</h2>
<figure>${drawCurve(report)}<figcaption>${measure.label}.</figcaption></figure>
<table class="figures"><thead><tr><th>Topology</th><th>Parameters</th><th>n</th><th>Training</th><th>Validation, mean</th><th>Standard error</th><th>Median (quartiles)</th><th></th></tr></thead><tbody>
${tried.map(
  (point) =>
    markup`<tr${point.chosen && markup` class="chosen"`}><td>${point.topology}</td><td>${formatCount(point.parameters)}</td><td>${point.seeds}</td><td>${error(point.train.median)}</td><td>${error(point.validation.mean)}</td><td>${error(point.validation.standardError)}</td><td>${error(point.validation.median)} (${error(point.validation.q1)} to ${error(point.validation.q3)})</td><td>${[point.chosen ? 'chosen' : '', point.suggested ? 'suggested' : '', point.unfinished > 0 ? `${point.unfinished} unfinished` : ''].filter(Boolean).join(', ')}</td></tr>`
)}
</tbody></table>
<p>Seeds: ${seedsOf(report)}. n is the number of ${folds === null ? 'seeds that came to their end' : 'folds; each has the mean over the seeds'}; training figures are medians.</p>
<h3>Suggestion</h3>
<p>${suggestion.reason}</p>
<p class="method">Rule: ${rule}</p>
<h3>Luck</h3>
<p>${formatNumbered(luck.tried, 'topology was', 'topologies were')} compared on ${folds === null ? 'one validation part' : `the same ${folds} folds`}. Picking the lowest mean of them flatters it by about ${error(luck.mean)}, picking the lowest single run flatters that by about ${error(luck.single)}.</p>
<p class="method">${luck.method}</p>
</section>`
}

function choiceSection({ choices }: ReportDocument): Markup {
  if (choices.length === 0) return markup`<section><h2>Choice</h2><p>No topology has been chosen yet.</p></section>`
  return markup`<section><h2>Choice</h2>
${choices.map(
  (choice, index) =>
    markup`<p>${index > 0 && 'Before: '}<strong>${choice.topology}</strong>${choice.runId === null ? ' (its run was deleted)' : `, run ${choice.runId}`}, chosen ${formatUtc(choice.at)} ${choice.rule === 'suggested' ? 'as suggested' : `against the suggestion of ${choice.suggestion.topology ?? 'nothing'}`}.${choice.openingsBefore > 0 && ` By then the test part had been opened ${choice.openingsBefore} ${choice.openingsBefore === 1 ? 'time' : 'times'}.`}${choice.reason !== '' && markup` <q>${choice.reason}</q>`}</p>`
)}
</section>`
}

function modelSection({ model }: ReportDocument): Markup | null {
  if (!model) return null
  const { topology, plan } = model
  const isFinal = model.data.kind === 'final'
  const settings = [...furtherHiddenSettings(hiddenLayers(topology)).values(), ...planSettings(plan).values()]
  return markup`<section><h2>${model.data.kind === 'fold' ? 'Chosen run' : 'Final model'}</h2>
<p>Run ${model.runId}${originOf(model)}.</p>
<table class="facts">
${fact('Network', `${topology.inputs} inputs; ${layersOf(topology)}`)}
${fact('Parameters', formatCount(model.parameters))}
${fact('Seed', String(model.seed))}
${fact('Epochs trained', `${model.epochs}; weights of epoch ${model.bestEpoch ?? '-'}`)}
${settings.filter(({ isSaid }) => isSaid).map(({ label, text }) => fact(label, text))}
${fact('Training figures', describeMetrics(model.train))}
${!isFinal && fact('Validation figures', describeMetrics(model.validation))}
</table></section>`
}

function originOf({ data, parentId }: NonNullable<ReportDocument['model']>): string {
  if (data.kind === 'final')
    return `, trained anew from run ${parentId ?? 'that was deleted'} on training and validation part together`
  if (data.kind === 'fold')
    return `, one of ${data.of} that stand for the choice: fold ${data.index} picked its epoch. No final model has been trained yet`
  return ', trained on the training part; the validation part picked its epoch'
}

function testSection(report: ReportDocument): Markup {
  const { openings } = report
  const error = errorWriter(report.measure.name)
  if (openings.length === 0) {
    return markup`<section><h2>Test part</h2><p>Sealed. Nobody has seen a figure of it.</p></section>`
  }
  const words = { as_expected: 'as expected', worse: 'worse than expected', better: 'better than expected' }
  return markup`<section><h2>Test part</h2>
<p>Opened ${openings.length} ${openings.length === 1 ? 'time' : 'times; only the first was of unseen rows'}.</p>
<table class="figures"><thead><tr><th>Opening</th><th>Run</th><th>When</th><th>Validation error</th><th>Expected</th><th>Test error</th><th></th></tr></thead><tbody>
${openings.map(
  ({ count, runId, at, test, expectation }) =>
    markup`<tr><td>${count}</td><td>${runId ?? 'deleted'}</td><td>${formatUtc(at)}</td><td>${error(expectation?.validation)}</td><td>${expectation ? `${error(expectation.low)} to ${error(expectation.high)}` : '-'}</td><td class="test">${error(errorOf(test))}</td><td>${expectation && words[expectation.outcome]}</td></tr>`
)}
</tbody></table>
${openings.map(({ count, test }) => markup`<p>Opening ${count}: ${describeMetrics(test)}.</p>`)}
${openings[0]?.expectation && markup`<p class="method">${openings[0].expectation.method}</p>`}
</section>`
}

function fact(name: string, value: string | Markup): Markup {
  return markup`<tr><th scope="row">${name}</th><td>${value}</td></tr>`
}

/** The mean over the seeds of the chosen topology. */
function validationOf({ tried }: ReportDocument): number | undefined {
  return tried.find(({ chosen }) => chosen)?.validation.mean
}

function seedsOf({ tried }: ReportDocument): string {
  const seeds = new Set(tried.flatMap(({ trials }) => trials.map(({ seed }) => seed)))
  return [...seeds].sort((a, b) => a - b).join(', ')
}

function layersOf(topology: Topology): string {
  const hidden = hiddenLayers(topology)
  const { units, activation } = outputLayer(topology)
  const activations = [...new Set(hidden.map(({ activation }) => activation))].join(', ')
  const text = hidden.length === 0 ? 'no hidden layer' : `hidden layers ${formatHidden(hidden)} (${activations})`
  return `${text}; ${units} ${activation} output${units === 1 ? '' : 's'}`
}

const style = `
@page { size: A4; margin: 16mm 15mm; }
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { max-width: 800px; margin: 0 auto; padding: 24px; background: #fff; color: #191d22; font: 13px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; font-variant-numeric: tabular-nums; }
h1 { margin: 0; font-size: 24px; line-height: 1.25; }
h2 { margin: 28px 0 8px; padding-top: 12px; border-top: 1px solid #dfe3e7; font-size: 16px; break-after: avoid; }
h3 { margin: 14px 0 2px; font-size: 13px; break-after: avoid; }
p { margin: 4px 0; }
.note { white-space: pre-wrap; }
.method, figcaption { color: #4a535e; font-size: 12px; }
.warning { padding: 4px 8px; background: #fdf3dc; }
figure { margin: 8px 0; break-inside: avoid; }
svg { width: 100%; height: auto; font-size: 12px; }
table { width: 100%; margin: 8px 0; border-collapse: collapse; font-size: 12px; }
caption { padding: 4px 0; font-weight: 600; text-align: left; }
th, td { padding: 3px 8px 3px 0; border-bottom: 1px solid #e7eaee; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { color: #4a535e; font-weight: 400; }
tr { break-inside: avoid; }
thead { display: table-header-group; }
.facts th { width: 150px; }
.figures th, .figures td { text-align: right; white-space: nowrap; overflow-wrap: normal; }
.figures th:first-child, .figures td:first-child, .figures th:last-child, .figures td:last-child { text-align: left; white-space: normal; }
.figures th:last-child, .figures td:last-child { padding-left: 10px; }
.chosen td { background: #e0f2ef; font-weight: 600; }
.outcome { margin-top: 16px; padding: 12px 16px; border: 1px solid #6b3fc2; border-radius: 6px; background: #f1ebfd; break-inside: avoid; }
dl { display: grid; grid-template-columns: 150px 1fr; gap: 4px 12px; margin: 0; }
dt { color: #4a535e; }
dd { margin: 0; font-weight: 600; }
.test { color: #6b3fc2; font-weight: 600; }
code { font-size: 11px; }
@media print { body { max-width: none; padding: 0; font-size: 11px; } * { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
`
