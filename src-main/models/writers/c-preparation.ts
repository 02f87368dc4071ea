/** The preparation of raw values as C99, written from its steps: no allocation, and nothing that a device would not use. */
import {
  type Circle,
  type ColumnSteps,
  inputsOfStep,
  type Step,
  type TextSteps
} from '#lab/datasets/preparation-steps.ts'

/** How texts and numbers are written as C. */
export interface CWriters {
  readonly text: (value: string) => string
  readonly double: (value: number) => string
  readonly float: (value: number) => string
}

/** Names of the helpers that these columns need, beside `model_prepare` and `model_is_number`. */
export function cPreparationHelpers(columns: readonly ColumnSteps[]): string[] {
  return [
    ...(columns.some(({ reads }) => reads === 'text') ? ['model_level'] : []),
    ...(columns.some(({ reads }) => reads === 'date') ? ['model_days'] : []),
    ...(needsCalendar(columns) ? ['model_year_and_month'] : [])
  ]
}

function needsCalendar(columns: readonly ColumnSteps[]): boolean {
  return columns.some(({ steps }) => steps.some((step) => 'of' in step && (step.of === 'year' || step.of === 'month')))
}

/** Writes the helpers, then model_prepare(); `members` are the names of the columns in model_row. */
export function* writeCPreparation(
  columns: readonly ColumnSteps[],
  members: readonly string[],
  write: CWriters
): Generator<string, void, void> {
  const helpers = new Set(cPreparationHelpers(columns))
  yield '\n'
  if (helpers.has('model_level')) yield level
  if (helpers.has('model_days')) yield days
  if (helpers.has('model_year_and_month')) yield yearAndMonth
  yield `/* Turns a row into the numbers the network reads: fills in what is missing, scales numbers, spreads categories. */
static inline void model_prepare(const model_row *row, float x[MODEL_INPUTS]) {
  memset(x, 0, MODEL_INPUTS * sizeof(float));
`
  let place = 0
  for (const [index, column] of columns.entries()) {
    const given = `row->${members[index]}`
    yield column.reads === 'text' ? readText(column, given, write) : readNumber(column.fill, given, write)
    for (const step of column.steps) {
      yield writeStep(step, place, write)
      place += inputsOfStep(step)
    }
    yield '  }\n'
  }
  yield '}\n\n'
}

const level = `static inline int model_level(const char *value, const char *const levels[], int count) {
  for (int k = 0; k < count; k++) if (strcmp(value, levels[k]) == 0) return k;
  return -1;
}

`

const days = `/* The number of a date for a row: days since 1970-01-01, the time of day as a fraction. */
static inline double model_days(int year, int month, int day, int hour, int minute, double second) {
  const long y = (long)year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
  const long of_year = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const long whole = era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
  return ((double)whole * 86400.0 + 3600.0 * hour + 60.0 * minute + second) / 86400.0;
}

`

const yearAndMonth = `/* Year and month (January is 0) of a day since 1970-01-01. */
static inline void model_year_and_month(double day, double *year, double *month) {
  const double shifted = floor(day) + 719468.0, era = floor(shifted / 146097.0), of_era = shifted - era * 146097.0;
  const double of = floor((of_era - floor(of_era / 1460.0) + floor(of_era / 36524.0) - floor(of_era / 146096.0)) / 365.0);
  const double of_year = of_era - (365.0 * of + floor(of / 4.0) - floor(of / 100.0));
  const double from_march = floor((5.0 * of_year + 2.0) / 153.0);
  *month = from_march < 10.0 ? from_march + 2.0 : from_march - 10.0;
  *year = of + era * 400.0 + (*month < 2.0 ? 1.0 : 0.0);
}

`

function readNumber(fill: number, given: string, { double }: CWriters): string {
  return `  {
    const int missing = !model_is_number(${given});
    const double value = missing ? ${double(fill)} : (double)${given};
`
}

function readText({ levels, aliases, fill }: TextSteps, given: string, { text }: CWriters): string {
  const known = [...levels, ...aliases.map(([other]) => other)]
  const head = `  {\n    const int missing = ${given} == NULL;\n`
  if (known.length === 0) return `${head}    const int value = missing ? ${fill} : 0;\n    (void)value;\n`
  const lists =
    `    static const char *const levels[] = {${known.map(text).join(', ')}};\n` +
    (aliases.length > 0 ? `    static const int others[] = {${aliases.map(([, place]) => place).join(', ')}};\n` : '')
  const found =
    aliases.length > 0
      ? `found < 0 ? ${levels.length} : found < ${levels.length} ? found : others[found - ${levels.length}]`
      : `found < 0 ? ${levels.length} : found`
  return (
    `${head}${lists}    const int found = missing ? -1 : model_level(${given}, levels, ${known.length});\n` +
    `    const int value = missing ? ${fill} : ${found};\n`
  )
}

function writeStep(step: Step, place: number, { double, float }: CWriters): string {
  switch (step.make) {
    case 'scaled': {
      const scaled = (value: string) => `(float)((${value} - ${double(step.offset)}) / ${double(step.scale)})`
      if (step.smoothClip) {
        const z = `(value - ${double(step.offset)}) / ${double(step.scale)}`
        return `    { const double z = ${z}; x[${place}] = (float)(z / sqrt(1.0 + (z / 3.0) * (z / 3.0))); }\n`
      }
      if (step.of === 'value') return `    x[${place}] = ${scaled('value')};\n`
      return inCalendar(`x[${place}] = ${scaled('year')};`, 'month')
    }
    case 'circle':
      return writeCircle(step.of, place)
    case 'one-hot': {
      const most = step.levels + (step.other ? 1 : 0)
      return most > 0 ? `    if (value >= 0 && value < ${most}) x[${place} + value] = 1.0f;\n` : ''
    }
    case 'coded': {
      const codes = step.codes.map((code) => float(Math.fround(code))).join(', ')
      return `    { static const float codes[] = {${codes}}; x[${place}] = value < 0 ? 0.0f : codes[value]; }\n`
    }
    case 'missing':
      return `    x[${place}] = missing ? 1.0f : 0.0f;\n`
  }
}

function writeCircle(of: Circle, place: number): string {
  const angle = (share: string) => `6.283185307179586 * (${share})`
  const both = (share: string) =>
    `x[${place}] = (float)sin(${angle(share)}); x[${place + 1}] = (float)cos(${angle(share)});`
  switch (of) {
    case 'month':
      return inCalendar(both('month / 12.0'), 'year')
    case 'weekday':
      return `    { const double day = floor(value) + 3.0; ${both('day / 7.0 - floor(day / 7.0)')} }\n`
    case 'day-of-date':
      return `    ${both('value - floor(value)')}\n`
    case 'day-of-clock':
      return `    ${both('value / 24.0 - floor(value / 24.0)')}\n`
  }
}

function inCalendar(use: string, unused: string): string {
  return `    { double year, month; model_year_and_month(value, &year, &month); (void)${unused}; ${use} }\n`
}
