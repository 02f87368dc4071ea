/** How a file is to be read, in the terminal's words: from options to the contract's form, and back for a doubt. */
import {
  columnKinds,
  type ColumnOptions,
  dateOrders,
  type Doubt,
  joinOptions,
  type ReadOptions
} from '#contract/reading.ts'
import { UsageError } from '#lab/cli/usage.ts'

export interface ReadingOptions {
  readonly delimiter?: string
  readonly quote?: string
  readonly decimal?: 'point' | 'comma'
  readonly encoding?: ReadOptions['encoding']
  readonly header?: 'yes' | 'no'
  readonly skip?: number
  readonly below?: number
  readonly comment?: string
  readonly keepTotal?: boolean
  readonly sheet?: string
  readonly missing?: string[]
  readonly as?: string[]
  readonly decimalIn?: string[]
  readonly datesIn?: string[]
  readonly missingIn?: string[]
}

const signs = { point: '.', comma: ',' } as const

/**
 * The contract's form of what was asked; what is left out is found out.
 * Errors: UsageError for an option of a column that is not COLUMN=VALUE, or whose value is none of the possible ones.
 */
export function readOptionsFor(options: ReadingOptions): ReadOptions {
  const { delimiter, quote, decimal, encoding, header, missing, skip, below, comment, keepTotal, sheet } = options
  const columns: ColumnOptions[] = [
    ...entries('as', options.as, columnKinds).map(([column, as]) => ({ column, as })),
    ...entries('decimal-in', options.decimalIn, ['point', 'comma'] as const).map(([column, sign]) => ({
      column,
      decimal: signs[sign]
    })),
    ...entries('dates-in', options.datesIn, dateOrders).map(([column, dates]) => ({ column, dates })),
    ...missingByColumn(options.missingIn)
  ]
  const table: ReadOptions = {
    ...(delimiter !== undefined && { delimiter }),
    ...(quote !== undefined && { quote: quote === 'none' ? '' : quote }),
    ...(encoding && { encoding }),
    ...(missing && { missing }),
    ...(skip !== undefined && { skip }),
    ...(below !== undefined && { below }),
    ...(comment !== undefined && { comment: comment === 'none' ? '' : comment }),
    ...(keepTotal !== undefined && { keepTotal }),
    ...(sheet !== undefined && { sheet }),
    ...(decimal && { decimal: signs[decimal] }),
    ...(header && { header: header === 'yes' })
  }
  return columns.reduce((joined, column) => joinOptions(joined, { columns: [column] }), table)
}

/** What was chosen, as options of the command; null where nothing was. */
export function tellOptions(options: ReadOptions): string | null {
  const { columns = [], delimiter, quote, encoding, decimal } = options
  const told = [
    ...(delimiter === undefined ? [] : [`--delimiter "${delimiter === '\t' ? 'tab' : delimiter}"`]),
    ...(quote === undefined ? [] : [`--quote "${quote || 'none'}"`]),
    ...(encoding === undefined ? [] : [`--encoding ${encoding}`]),
    ...(decimal === undefined ? [] : [`--decimal ${decimal === ',' ? 'comma' : 'point'}`]),
    ...tableOptions(options),
    ...columns.map((column) => columnOptionsOf(column).join(' '))
  ]
  return told.length === 0 ? null : told.join(' ')
}

/** Columns whose option is written out where many share a doubt. */
const shownColumns = 4

/** The option that takes the other way of a doubt; null where there is none. */
export function optionOf({ options }: Doubt): string | null {
  if (!options) return null
  const { columns = [] } = options
  const told = columns.length > 0 ? columns.slice(0, shownColumns).flatMap(columnOptionsOf) : tableOptions(options)
  const more = columns.length > shownColumns ? ' and so on' : ''
  return told.length === 0 ? null : `${told.join(' ')}${more}`
}

function columnOptionsOf({ column, decimal, dates, as, missing = [] }: ColumnOptions): string[] {
  const given = (option: string, value: string) => `--${option} "${column}=${value}"`
  return [
    ...(decimal ? [given('decimal-in', decimal === ',' ? 'comma' : 'point')] : []),
    ...(dates ? [given('dates-in', dates)] : []),
    ...(as ? [given('as', as)] : []),
    ...missing.map((text) => given('missing-in', text))
  ]
}

function tableOptions({ header, skip, below, comment, keepTotal, sheet, missing = [] }: ReadOptions): string[] {
  return [
    ...(header === undefined ? [] : [`--header ${header ? 'yes' : 'no'}`]),
    ...(skip === undefined ? [] : [`--skip ${skip}`]),
    ...(below === undefined ? [] : [`--below ${below}`]),
    ...(comment === undefined ? [] : [`--comment ${comment || 'none'}`]),
    ...(keepTotal ? ['--keep-total'] : []),
    ...(sheet === undefined ? [] : [`--sheet "${sheet}"`]),
    ...missing.map((text) => `--missing="${text}"`)
  ]
}

/** A doubt in a sentence or two, with the option that takes the other way. */
export function tellDoubt(doubt: Doubt): string {
  const option = optionOf(doubt)
  return option === null ? doubt.why : `${doubt.why} For ${doubt.other ?? 'the other way'}: import it with ${option}`
}

function entries<Value extends string>(
  option: string,
  given: readonly string[] = [],
  values: readonly Value[]
): [column: string, value: Value][] {
  return given.map((text) => {
    const [column, written] = parted(option, text)
    const value = values.find((candidate) => candidate === written)
    if (value !== undefined) return [column, value]
    throw new UsageError(`--${option} ${text}: "${written}" is none of ${values.join(', ')}.`)
  })
}

function missingByColumn(given: readonly string[] = []): ColumnOptions[] {
  const byColumn = new Map<string, string[]>()
  for (const text of given) {
    const [column, mark] = parted('missing-in', text)
    byColumn.set(column, [...(byColumn.get(column) ?? []), mark])
  }
  return [...byColumn].map(([column, missing]) => ({ column, missing }))
}

/** Parts at the last sign: names have it more often than values. */
function parted(option: string, text: string): [column: string, value: string] {
  const at = text.lastIndexOf('=')
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)]
  throw new UsageError(`--${option} ${text}: write it as COLUMN=VALUE.`)
}
