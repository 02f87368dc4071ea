/** The report as one HTML file: no reference to anything outside, light, and made to be printed on A4. */
import { formatHidden, hiddenLayers, outputLayer, type Topology } from '#engine/network/topology.ts'
import { furtherHiddenSettings, planSettings } from '#engine/training/plan-settings.ts'
import type { ReportDocument } from '#contract/report.ts'
import { drawCurve } from '#lab/report/chart.ts'
import { style } from '#lab/report/style.ts'
import { type Markup, markup } from '#lab/report/markup.ts'
import { errorOf } from '#trials/measure.ts'
import { errorWriter } from '#words/errors.ts'
import { describeScaling } from '#words/scalings.ts'
import { describeMetrics } from '#words/metrics.ts'
import { formatCount, formatNumbered } from '#words/numbers.ts'
import { describeSplit } from '#words/splits.ts'
import { formatUtc } from '#words/times.ts'
import { nameTopology, noHiddenLayer } from '#words/topologies.ts'

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
<p class="kicker">Report of an experiment</p>
<h1>${experiment.name}</h1>
<p class="lead">Predicts <strong>${question.target}</strong>, ${predicts}, from ${formatNumbered(data.inputs, 'input', 'inputs')}.</p>
${experiment.note !== '' && markup`<p class="note">${experiment.note}</p>`}
</header>
${outcome(report)}
${dataSection(report)}
${triedSection(report)}
${choiceSection(report)}
${modelSection(report)}
${testSection(report)}
${columnsSection(report)}
<footer>Written by Topology Lab ${report.lab} on ${formatUtc(report.writtenAt)}.</footer>
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
  const tested = ofModel ? error(errorOf(ofModel.test)) : null
  const sealed = openings.length > 0 ? 'Sealed for this model; opened for others' : 'Sealed: it was not opened'
  return markup`<section class="outcome"><dl>
<div><dt>Choice</dt><dd>${choice ? choice.name : 'None yet'}${choice && markup`<small>${choice.rule === 'suggested' ? 'as suggested' : 'against the suggestion'}</small>`}</dd></div>
<div><dt>Validation error</dt><dd>${choice ? error(validationOf(report)) : '-'}${choice && markup`<small>mean of the choice; it flatters a little</small>`}</dd></div>
<div class="test"><dt>Test error</dt>${tested === null ? markup`<dd class="sealed">${sealed}</dd>` : markup`<dd>${tested}<small>${ofModel?.count === 1 ? 'first opening: these rows had not been seen' : `opening number ${ofModel?.count ?? 0}: these rows had been seen before`}</small></dd>`}</div>
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
${fact('Scaling', `${describeScaling(preparation)}, fitted on the training part alone${byFold}`)}
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
<div class="wide"><table class="figures"><thead><tr><th>Topology</th><th>Parameters</th><th>n</th><th>Training</th><th>Validation, mean</th><th>Standard error</th><th>Median, quartiles</th><th></th></tr></thead><tbody>
${tried.map(
  (point) =>
    markup`<tr${point.chosen && markup` class="chosen"`}><td>${nameTopology(point)}</td><td>${formatCount(point.parameters)}</td><td>${point.seeds}</td><td>${error(point.train.median)}</td><td>${error(point.validation.mean)}</td><td>${error(point.validation.standardError)}</td><td>${error(point.validation.median)}<span class="range">${error(point.validation.q1)} to ${error(point.validation.q3)}</span></td><td>${[point.chosen ? 'chosen' : '', point.suggested ? 'suggested' : '', point.unfinished > 0 ? `${point.unfinished} unfinished` : ''].filter(Boolean).join(', ')}</td></tr>`
)}
</tbody></table></div>
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
    markup`<p>${index > 0 && 'Before: '}<strong>${choice.name}</strong>${choice.runId === null ? ' (its run was deleted)' : `, run ${choice.runId}`}, chosen ${formatUtc(choice.at)} ${choice.rule === 'suggested' ? 'as suggested' : `against the suggestion of ${choice.suggestion.name ?? 'nothing'}`}.${choice.openingsBefore > 0 && ` By then the test part had been opened ${choice.openingsBefore} ${choice.openingsBefore === 1 ? 'time' : 'times'}.`}${choice.reason !== '' && markup` <q>${choice.reason}</q>`}</p>`
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
<div class="wide"><table class="figures"><thead><tr><th>Opening</th><th>Run</th><th>When</th><th>Validation error</th><th>Expected</th><th>Test error</th><th></th></tr></thead><tbody>
${openings.map(
  ({ count, runId, at, test, expectation }) =>
    markup`<tr><td>${count}</td><td>${runId ?? 'deleted'}</td><td>${formatUtc(at)}</td><td>${error(expectation?.validation)}</td><td>${expectation ? `${error(expectation.low)} to ${error(expectation.high)}` : '-'}</td><td class="test">${error(errorOf(test))}</td><td>${expectation && words[expectation.outcome]}</td></tr>`
)}
</tbody></table></div>
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
  const text = hidden.length === 0 ? noHiddenLayer : `hidden layers ${formatHidden(hidden)} (${activations})`
  return `${text}; ${units} ${activation} output${units === 1 ? '' : 's'}`
}
