/** How a report looks: a printed page on screen, and on paper. */
import { Markup } from '#lab/report/markup.ts'

/** The style sheet. It is ours whole, so nothing in it is escaped: a quote in it would be no quote any more. */
export const style = new Markup(`
@page { size: A4; margin: 16mm 15mm 18mm; }
:root { color-scheme: light; --ink: #191d22; --soft: #4a535e; --line: #dfe3e7; --pale: #f5f7f9; --test: #6b3fc2; --test-pale: #f4effd; --test-line: #cdbbf0; --chosen: #0b7a6b; --chosen-pale: #e0f2ef; --warn: #fdf3dc; --warn-line: #e4b54a; }
* { box-sizing: border-box; }
html { background: #eceff2; }
body { max-width: 860px; margin: 32px auto; padding: 48px 56px 56px; border-radius: 8px; background: #fff; box-shadow: 0 1px 2px rgb(25 29 34 / 8%), 0 12px 40px rgb(25 29 34 / 9%); color: var(--ink); font: 14px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: break-word; }
header { margin-bottom: 24px; }
.kicker { margin: 0 0 6px; color: var(--soft); font-size: 12px; }
h1 { margin: 0 0 8px; font-size: 30px; font-weight: 650; letter-spacing: -0.015em; line-height: 1.2; text-wrap: balance; }
h2 { margin: 40px 0 10px; font-size: 19px; font-weight: 650; letter-spacing: -0.005em; line-height: 1.3; break-after: avoid; }
h3 { margin: 22px 0 2px; font-size: 14px; font-weight: 650; break-after: avoid; }
p { margin: 4px 0 8px; max-width: 72ch; }
.lead { color: var(--soft); font-size: 15px; }
.lead strong { color: var(--ink); font-weight: 600; }
.note { padding-left: 12px; border-left: 3px solid var(--line); white-space: pre-wrap; }
.method, figcaption { color: var(--soft); font-size: 12.5px; }
.warning { padding: 6px 12px; border-left: 3px solid var(--warn-line); background: var(--warn); max-width: none; }
q { font-style: italic; }
figure { margin: 12px 0 18px; break-inside: avoid; }
figcaption { margin-top: 4px; }
svg { display: block; width: 100%; height: auto; font-size: 12px; }
.outcome { margin: 0; border: 1px solid var(--line); border-radius: 8px; break-inside: avoid; overflow: hidden; }
.outcome dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 1px; margin: 0; background: var(--line); }
.outcome dl > div { padding: 14px 18px 16px; background: #fff; }
dt { color: var(--soft); font-size: 12.5px; }
dd { margin: 2px 0 0; font-size: 21px; font-weight: 650; letter-spacing: -0.01em; line-height: 1.25; }
dd small { display: block; margin-top: 3px; color: var(--soft); font-size: 12.5px; font-weight: 400; letter-spacing: 0; line-height: 1.4; }
.outcome .sealed { font-size: 16px; }
.outcome div.test { background: var(--test-pale); }
.test dd, td.test { color: var(--test); font-weight: 650; }
table { width: 100%; margin: 10px 0 14px; border-collapse: collapse; font-size: 13px; }
th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 400; }
thead th { padding-bottom: 5px; border-bottom-color: #aab2bb; font-size: 12px; line-height: 1.3; vertical-align: bottom; }
tr { break-inside: avoid; }
thead { display: table-header-group; }
.facts th { width: 170px; }
.wide { overflow-x: auto; }
.figures th, .figures td { padding-right: 14px; text-align: right; white-space: nowrap; overflow-wrap: normal; }
.figures thead th { white-space: normal; }
.figures th:first-child, .figures td:first-child, .figures th:last-child, .figures td:last-child { text-align: left; white-space: normal; }
.figures td:first-child { font-weight: 550; white-space: nowrap; }
.figures th:last-child, .figures td:last-child { padding-right: 0; }
.figures td .range { display: block; color: var(--soft); font-size: 11.5px; }
tr.chosen td { background: var(--chosen-pale); }
tr.chosen td:first-child { box-shadow: inset 3px 0 var(--chosen); padding-left: 10px; font-weight: 650; }
tr.chosen td:last-child { color: var(--chosen); font-weight: 600; }
code { font: 11.5px/1.4 ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; }
footer { margin-top: 44px; padding-top: 12px; border-top: 1px solid var(--line); color: var(--soft); font-size: 12px; }
@media (max-width: 700px) { .outcome dl { grid-template-columns: 1fr; } body { margin: 0; padding: 24px 18px 32px; border-radius: 0; box-shadow: none; } .facts th { width: 110px; } h1 { font-size: 25px; } }
@media print {
  html { background: none; }
  body { max-width: none; margin: 0; padding: 0; border-radius: 0; box-shadow: none; font-size: 10.5pt; }
  h1 { font-size: 20pt; }
  h2 { margin-top: 22pt; font-size: 14pt; }
  table { font-size: 9pt; }
  .wide { overflow: visible; }
  .method, figcaption, dt, dd small, .kicker, footer { font-size: 8.5pt; }
  .figures th, .figures td { padding-right: 7pt; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
`)
