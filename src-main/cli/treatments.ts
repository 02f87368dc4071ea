/** How columns are to be encoded, as `--treat NAME=HOW` says it. */
import { dateParts } from '#contract/datasets.ts'
import { LabError } from '#contract/errors.ts'
import type { ColumnSetting, ExperimentSettings } from '#contract/experiments.ts'

type Treatment = Pick<ColumnSetting, 'treatAs' | 'parts' | 'order'>

const plain: Readonly<Record<string, ColumnSetting['treatAs']>> = {
  number: 'numeric',
  categories: 'categorical',
  frequency: 'frequency',
  time: 'time',
  date: 'date'
}

/** Reads the treatments by column. Errors: LabError 'bad_settings' for an unknown column or way. */
export function readTreatments(
  { columns }: ExperimentSettings,
  texts: readonly string[],
  datasetName: string
): Map<string, Treatment> {
  const names = columns.map(({ name }) => name)
  return new Map(
    texts.map((text) => {
      // A name may have an equals sign of its own.
      const name = names.filter((own) => text.startsWith(`${own}=`)).sort((a, b) => b.length - a.length)[0]
      if (name === undefined) {
        const given = text.split('=')[0] ?? text
        throw new LabError('bad_settings', `${datasetName} has no column "${given}" for --treat NAME=HOW.`, {
          column: given
        })
      }
      return [name, readWay(name, text.slice(name.length + 1))] as const
    })
  )
}

function readWay(name: string, way: string): Treatment {
  const treatAs = plain[way]
  if (treatAs) return { treatAs }
  const order = /^order:(.+<.+)$/s.exec(way)?.[1]
  if (order !== undefined) return { treatAs: 'ordinal', order: order.split('<').map((level) => level.trim()) }
  const parts = /^date:(.+)$/
    .exec(way)?.[1]
    ?.split(',')
    .map((part) => part.trim())
  const known = parts?.map((part) => dateParts.find((one) => one === part))
  if (known?.every((part) => part !== undefined)) return { treatAs: 'date', parts: known }
  throw new LabError(
    'bad_settings',
    `--treat ${name}=... takes ${Object.keys(plain).join(', ')}, date: with some of ${dateParts.join(', ')} and commas between ` +
      `them, or order: with all levels and < between them; "${way}" is none of these.`,
    { column: name }
  )
}
