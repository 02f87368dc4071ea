/** Runs of an experiment as groups that differ in nothing but the seed, with the settings that tell them apart. */
import { hiddenLayers, multiplyAdds, parameterCount, type Topology } from '#engine/network/topology.ts'
import { differingSettings, hiddenSettings, planSettings, type WrittenSetting } from '#engine/training/plan-settings.ts'
import { inSentence } from '#engine/setting.ts'
import type { Trial, TrialGroup } from '#lab/selection/complexity.ts'
import type { TrialRun } from '#lab/store/runs.ts'
import { errorOf, type Measure } from '#trials/measure.ts'
import { trialKeys } from '#trials/trial-keys.ts'
import { foldOf, isOwnTrial, networkKey, newestOfEqual } from '#trials/trials.ts'
import { activationPath, type NamedTopology, type SettingWords } from '#words/topologies.ts'

export interface RunTrial extends Trial {
  readonly runId: number | null
  readonly bestEpoch: number | null
}

export interface RunGroup extends TrialGroup {
  readonly trials: readonly RunTrial[]
  /** Runs of the group that give no result. */
  readonly unfinished: number
  /** Whether its runs were stopped before any had a result: it was compared as well, and lost. */
  readonly isGivenUp: boolean
  /** The same for groups that differ only in the number and size of their hidden layers. */
  readonly settingsKey: string
  readonly network: Topology
}

/**
 * Groups runs by topology and plan. Only runs that came to their own end count; of several with the same seed and fold,
 * which are equal, the newest does. Settings tell apart those groups that have a result.
 */
export function groupRuns(runs: readonly TrialRun[], measure: Measure): RunGroup[] {
  const results = kindsOf(runs).flatMap((members) => {
    const [first] = members
    return first ? [{ first, members, ...trialsOf(members, measure) }] : []
  })
  const compared = results.filter(({ trials }) => trials.length > 0).map(({ first }) => first)
  const settings = new Map(settingsApart(compared).map((own, index) => [compared[index], own]))
  return results.map(({ first, members, trials, unfinished }) => {
    const hidden = hiddenLayers(first.topology)
    return {
      ...trialKeys(first),
      hidden,
      settings: settings.get(first) ?? [],
      constant: null,
      network: first.topology,
      predictionSeconds: 0,
      parameters: parameterCount(first.topology),
      multiplyAdds: multiplyAdds(first.topology),
      hiddenUnits: hidden.reduce((sum, { units }) => sum + units, 0),
      depth: hidden.length,
      baseline: hidden.length === 0,
      trials,
      unfinished,
      isGivenUp: trials.length === 0 && members.some(({ status, validation }) => status === 'stopped' && validation)
    }
  })
}

/** Runs by topology and plan, without those that are no trial of these alone. */
export function kindsOf(runs: readonly TrialRun[]): TrialRun[][] {
  return [...Map.groupBy(runs.filter(isOwnTrial), networkKey).values()]
}

/** The results of runs that differ in nothing but the seed, and how many of them give none. */
export function trialsOf(members: readonly TrialRun[], measure: Measure): Pick<RunGroup, 'trials' | 'unfinished'> {
  const finished = members.filter(({ status, train, validation }) => status === 'done' && train && validation)
  const trials = newestOfEqual(finished).map((run) => ({
    runId: run.id,
    seed: run.seed,
    fold: foldOf(run.data),
    bestEpoch: run.bestEpoch,
    trainError: run.train ? errorOf(run.train, measure) : NaN,
    validationError: run.validation ? errorOf(run.validation, measure) : NaN
  }))
  return { trials, unfinished: members.length - finished.length }
}

/** What is worked out of a topology or a plan once, however many runs share it; the store gives equal ones as one. */
function remember<Of extends object, Value>(work: (of: Of) => Value): (of: Of) => Value {
  const known = new WeakMap<Of, Value>()
  return (of) => {
    let value = known.get(of)
    if (value === undefined) known.set(of, (value = work(of)))
    return value
  }
}

const settingsOfPlan = remember(planSettings)

/** The settings in which runs differ, for each of them. */
export function settingsApart(runs: readonly Pick<TrialRun, 'topology' | 'plan'>[]): SettingWords[][] {
  const settings = runs.map(({ topology, plan }) => {
    return new Map<string, WrittenSetting>([...hiddenSettings(hiddenLayers(topology)), ...settingsOfPlan(plan)])
  })
  const differing = [...differingSettings(settings)]
  return runs.map(({ topology }, index) =>
    differing.flatMap(([path, label]) => {
      const setting = settings[index]?.get(path)
      if (!setting) return []
      const activations = [...new Set(hiddenLayers(topology).map(({ activation }) => activation))]
      // Read with the units, an activation needs no label.
      const text = path === activationPath ? activations.join('/') : `${inSentence(label)} ${setting.text}`
      return [{ path, text }]
    })
  )
}

/** What a run is named by beside others. */
export function namedBeside(run: Pick<TrialRun, 'topology'>, settings: readonly SettingWords[]): NamedTopology {
  return { hidden: hiddenLayers(run.topology), settings, constant: null }
}
