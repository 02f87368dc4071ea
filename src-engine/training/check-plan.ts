/** What is wrong with a plan, in words: values by the rows of settings.ts, and settings that do not go together. */
import { activations } from '#engine/network/activations.ts'
import { type LossEntry, losses } from '#engine/network/losses.ts'
import { parameterCount, type Topology } from '#engine/network/topology.ts'
import type { Problem } from '#engine/problem.ts'
import { describeValues, inSentence, isAllowed } from '#engine/setting.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { storedAt } from '#engine/training/plan-values.ts'
import { type SettingPath, settingAt, settingPaths, settings, stoppingMetrics } from '#engine/training/settings.ts'

/** Finds what is wrong with a plan for this topology, in words; an empty list means it can be trained. */
export function checkPlan(plan: TrainingPlan, topology: Topology): Problem[] {
  const problems: Problem[] = []
  for (const path of settingPaths) {
    const value = storedAt(plan, path)
    if (value !== undefined) problems.push(...checkValue(path, value))
  }
  // What is checked may have no layer at all, which checkTopology tells.
  const output = topology.layers.at(-1)
  const allowed: readonly string[] = losses[plan.loss].outputs
  if (output && !allowed.includes(output.activation)) {
    problems.push({
      field: 'loss',
      message: `${losses[plan.loss].label} needs an output layer of ${allowed.join(' or ')}, not ${output.activation}.`
    })
  }
  topology.layers.forEach((layer, index) => {
    const entry = activations[layer.activation]
    if (!('learns' in entry)) return
    problems.push({
      field: `layers.${index}.activation`,
      message: `${entry.label} has derivative 0 almost everywhere, so gradient descent can't train layer ${index + 1}.`
    })
  })
  const isBatchNormalised = topology.layers.some((layer) => layer.normalisation === 'batch')
  if (isBatchNormalised && (plan.threads ?? 1) > 1) {
    problems.push({
      field: 'threads',
      message: 'Batch normalisation needs the whole batch in one thread; set threads to 1.'
    })
  }
  if (isBatchNormalised && plan.batchSize === 1) {
    problems.push({
      field: 'batchSize',
      message: 'Batch normalisation compares the samples of a batch with each other; set the batch size above 1.'
    })
  }
  return [...problems, ...checkLoss(plan), ...checkLbfgs(plan, topology)]
}

/** What only some losses have: smoothed labels, and figures that a loss's tasks know. */
function checkLoss({ loss, labelSmoothing = 0, stopping }: TrainingPlan): Problem[] {
  const problems: Problem[] = []
  const { label, tasks }: LossEntry = losses[loss]
  if (labelSmoothing > 0 && loss !== 'cross_entropy') {
    problems.push({ field: 'labelSmoothing', message: `${label} has no labels to smooth; set label smoothing to 0.` })
  }
  const metric = stoppingMetrics[stopping.metric ?? 'loss']
  if (!metric.tasks.some((task) => tasks.includes(task))) {
    problems.push({
      field: 'stopping.metric',
      message: `${metric.label} is no figure of ${tasks.join(' or ')}, so it can't decide which epoch is best.`
    })
  }
  return problems
}

/** Most numbers that L-BFGS may remember, 160 MB of them. */
const mostRemembered = 40_000_000

/** L-BFGS compares losses and gradients of one step with those of the next, which must be of the same function. */
function checkLbfgs(plan: TrainingPlan, topology: Topology): Problem[] {
  const { optimizer, batchSize, regularisation = {}, threads = 1 } = plan
  if (optimizer.name !== 'lbfgs') return []
  const problems: Problem[] = []
  const refuse = (field: string, message: string) => problems.push({ field, message })
  if (batchSize !== 'full') {
    refuse('batchSize', 'L-BFGS compares one step with the next, which mini-batches blur; it needs the full batch.')
  }
  if (threads > 1) refuse('threads', 'L-BFGS works in one thread; set threads to 1.')
  const unfit = (['l1', 'weightDecay', 'maxNorm', 'clipNorm', 'clipValue', 'inputNoise'] as const).find(
    (name) => (regularisation[name] ?? 0) > 0
  )
  if (unfit) {
    const { label } = settings[`regularisation.${unfit}`]
    refuse(
      `regularisation.${unfit}`,
      `L-BFGS needs a smooth loss without noise and limits; set ${inSentence(label)} to 0.`
    )
  }
  if (topology.layers.some(({ dropout = 0, normalisation }) => dropout > 0 || normalisation === 'batch')) {
    refuse('optimizer.name', 'L-BFGS needs the same loss at each step; leave dropout and batch normalisation out.')
  }
  if (2 * optimizer.history * parameterCount(topology) > mostRemembered) {
    const message = `L-BFGS would remember ${optimizer.history} steps of ${parameterCount(topology)} parameters; take fewer.`
    refuse('optimizer.history', message)
  }
  return problems
}

/** What is wrong with the value at a path; NaN stands for a field that is empty. */
function checkValue(path: SettingPath, value: unknown): Problem[] {
  const setting = settingAt(path)
  if (isAllowed(setting, value)) return []
  const { label } = setting
  if (Number.isNaN(value)) return [{ field: path, message: `${label} needs a number.` }]
  return [{ field: path, message: `${label} must be ${describeValues(setting)}; it is ${String(value)}.` }]
}
