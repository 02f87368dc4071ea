/** Tells what a column means by its figures and its name: numeric, categorical, date, text or identifier. */
import type { Column } from '#contract/datasets.ts'
import type { Figures, NumberFigures, TextFigures } from '#lab/datasets/profile/figures.ts'

/** Fewer values say nothing about whether they repeat. */
const fewValues = 12
/** Longer texts are sentences, not levels. */
const longestLevel = 60

const identifierName =
  /(^|[\s_.-])(id|ids|uuid|guid|key|index|idx|rownum|row|rownames|unnamed: ?0)$|[a-z](ID|Id|Key)$|^column 1$/

const numberedName = /(^|[\s_.-])ids?$|[a-z]I[Dd]$/i

/** Tells the type of a column of a table with `rows` rows. */
export function columnTypeOf(figures: Figures): Column['type'] {
  switch (figures.type) {
    case 'date':
      return 'date'
    case 'number':
      return isCounter(figures) ? 'identifier' : 'numeric'
    case 'text':
      return textTypeOf(figures)
  }
}

/** Whole numbers, each once or nearly so: named as an identifier, or counting the rows from 0 or 1. */
function isCounter({ name, values, distinct, isWhole, minimum, maximum }: NumberFigures): boolean {
  if (!isWhole || values < fewValues) return false
  // A few identical rows make no measurement of what is called an id.
  if (distinct < values) return distinct > 0.9 * values && numberedName.test(name)
  const countsRows = (minimum === 0 || minimum === 1) && maximum - minimum + 1 === values
  return countsRows || isIdentifierName(name)
}

function textTypeOf({ name, values, distinct, meanLength, longest, withSpaces }: TextFigures): Column['type'] {
  if (values === 0) return 'text'
  if (values < fewValues) return longest <= longestLevel ? 'categorical' : 'text'
  const isShort = meanLength <= longestLevel / 2
  if (distinct <= values / 2 && isShort && !(isIdentifierName(name) && distinct > values / 10)) return 'categorical'
  const isToken = withSpaces < values / 10 && isShort
  return isToken && (distinct > 0.9 * values || isIdentifierName(name)) ? 'identifier' : 'text'
}

function isIdentifierName(name: string): boolean {
  return identifierName.test(name) || identifierName.test(name.toLowerCase())
}
