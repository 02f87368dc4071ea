/**
 * The question put to a data set before it becomes an experiment: what the lab proposes, with the person's changes
 * laid over it. Another target or task asks for a new proposal; the changes stay.
 */
import type { Column } from '#contract/datasets.ts'
import type { ColumnSetting, ExperimentSettings, Mend, Preparation, Proposal, Split } from '#contract/experiments.ts'
import type { LabClient } from '#renderer/lab/client.ts'
import type { Failure } from '#renderer/lab/failure.ts'

export class ProposalDraft {
  proposal = $state.raw<Proposal | null>(null)
  failure = $state.raw<Failure | null>(null)
  busy = $state(false)
  #preparation = $state.raw<Partial<Preparation>>({})
  #split = $state.raw<Split | null>(null)
  #columns = $state.raw<ReadonlyMap<string, ColumnSetting>>(new Map())
  #datasetId: string
  #experiments: Pick<LabClient['experiments'], 'propose'>
  #toFailure: (error: unknown) => Failure

  constructor(
    datasetId: string,
    experiments: Pick<LabClient['experiments'], 'propose'>,
    toFailure: (error: unknown) => Failure
  ) {
    this.#datasetId = datasetId
    this.#experiments = experiments
    this.#toFailure = toFailure
  }

  /** The proposal with the person's changes. */
  settings: ExperimentSettings | null = $derived.by(() => {
    if (!this.proposal) return null
    const proposed = this.proposal.settings
    const columns = proposed.columns.map((column) => this.#changed(column))
    const preparation = { ...proposed.preparation, ...this.#preparation }
    return { ...proposed, columns, preparation, split: this.#split ?? proposed.split }
  })

  async propose(target?: string, task?: ExperimentSettings['task']): Promise<void> {
    this.busy = true
    try {
      const choice = { ...(target === undefined ? {} : { target }), ...(task === undefined ? {} : { task }) }
      this.proposal = await this.#experiments.propose({ datasetId: this.#datasetId, ...choice })
      this.failure = null
    } catch (error) {
      this.failure = this.#toFailure(error)
    } finally {
      this.busy = false
    }
  }

  prepare(change: Partial<Preparation>): void {
    this.#preparation = { ...this.#preparation, ...change }
  }

  /** Changes the split; a column that parted the rows before, and does so no more, gets its proposed role again. */
  split(change: Split): void {
    this.#split = change
    const parting = change.kind === 'groups' || change.kind === 'column' ? change.column : null
    const next = new Map(this.#columns)
    for (const { name, role, ...setting } of this.settings?.columns ?? []) {
      if ((role !== 'part' && role !== 'group') || name === parting) continue
      const proposed = this.proposal?.settings.columns.find((column) => column.name === name)?.role
      const isFree = proposed && proposed !== 'part' && proposed !== 'group'
      next.set(name, { ...setting, name, role: isFree ? proposed : 'ignored' })
    }
    this.#columns = next
  }

  /**
   * Changes the role or the treatment of one column; naming a column of parts or of groups changes the split with it. One
   * column can part the rows and one can weigh them: the one before becomes ignored.
   */
  column(setting: ColumnSetting, column: Column): void {
    this.#columns = new Map(this.#columns).set(setting.name, setting)
    const current = this.settings?.split
    if (!current) return
    if (setting.role === 'part' || setting.role === 'group') this.#dropOthers(setting, ['part', 'group'])
    if (setting.role === 'weight') this.#dropOthers(setting, ['weight'])
    if (setting.role === 'part') {
      this.#split = splitByColumn(column, current)
    } else if (setting.role === 'group') {
      const { seed, stratified } = current
      this.#split = { kind: 'groups', column: setting.name, ...sharesOf(current), seed, stratified }
    } else if ((current.kind === 'column' || current.kind === 'groups') && current.column === setting.name) {
      this.#split = defaultFractions(current)
    }
  }

  /** Makes the change that a finding advises. */
  mend({ columns, split }: Mend): void {
    const next = new Map(this.#columns)
    for (const column of columns) next.set(column.name, column)
    this.#columns = next
    if (split) this.#split = split
  }

  #changed(column: ColumnSetting): ColumnSetting {
    const change = this.#columns.get(column.name)
    // The target is chosen by itself; a change made while the column was an input says nothing of it.
    return change && column.role !== 'target' ? change : column
  }

  #dropOthers({ name }: ColumnSetting, roles: readonly ColumnSetting['role'][]): void {
    const others = this.settings?.columns.filter((column) => roles.includes(column.role) && column.name !== name) ?? []
    const next = new Map(this.#columns)
    for (const other of others) next.set(other.name, { ...other, role: 'ignored' })
    this.#columns = next
  }
}

/** The shares of the parts; usual ones where a column named the parts. */
export function sharesOf(split: Split): { train: number; validation: number; test: number } {
  if (split.kind === 'column') return { train: 60, validation: 20, test: 20 }
  const { train, validation, test } = split
  return { train, validation, test }
}

function defaultFractions({ seed, stratified }: { seed: number; stratified: boolean }): Split {
  return { kind: 'fractions', train: 60, validation: 20, test: 20, seed, stratified }
}

/** Guesses what the values of a column say: names of parts where they are known, else training. */
function splitByColumn(column: Column, { seed, stratified }: Split): Split {
  const levels = column.histogram?.kind === 'levels' ? column.histogram.levels.map((level) => level.value) : []
  const named = (pattern: RegExp) => levels.filter((level) => pattern.test(level))
  const validation = named(/^val|^dev/i)
  const test = named(/^test/i)
  const train = levels.filter((level) => !validation.includes(level) && !test.includes(level))
  return { kind: 'column', column: column.name, train, validation, test, validationShare: 20, seed, stratified }
}
