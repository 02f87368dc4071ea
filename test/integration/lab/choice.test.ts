/** From runs to a choice that can be defended: the suggestion, the reason, the final model, and the test part. */
import { describe, expect, it } from 'vitest'
import type { ContractClient } from '#contract/contract.ts'
import { toLabError } from '#contract/client-errors.ts'
import type { Experiment } from '#contract/experiments.ts'
import { openLab, planFor, ringsExperiment, waitForStatus } from '#test/integration/lab/support.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

/** Trains a topology with two seeds, on one epoch where it should look bad. */
async function train(client: ContractClient, { id }: Experiment, units: number, epochs: number): Promise<number[]> {
  const runs = await client.runs.start({
    experimentId: id,
    hidden: [{ units, activation: 'relu' }],
    plan: planFor(epochs),
    seeds: [1, 2]
  })
  for (const run of runs) await waitForStatus(client, run.id, 'done')
  return runs.map((run) => run.id)
}

const refusalOf = (call: Promise<unknown>) => call.then(() => null, toLabError)

describe('the choice of an experiment', () => {
  it('asks for a reason against the suggestion, trains the final model, and says whether the test came as expected', async () => {
    const folder = await temporaryFolder()
    const { client } = await openLab(folder)
    const experiment = await ringsExperiment(client, folder)
    const experimentId = experiment.id
    expect(await client.choice.get({ experimentId })).toMatchObject({ candidates: [], choices: [], openings: [] })
    const small = await train(client, experiment, 2, 3)
    const large = await train(client, experiment, 24, 150)

    const { candidates, suggestion, measure } = await client.choice.get({ experimentId })
    expect(measure).toBe('Share of wrong classes at the best epoch')
    expect(suggestion.name).toMatch(/^24/)
    expect(candidates.map(({ suggested }) => suggested)).toEqual([true, false])
    expect(large).toContain(candidates[0]?.runId)

    expect(await refusalOf(client.choice.trainFinal({ experimentId }))).toMatchObject({ code: 'conflict' })
    const against = client.choice.make({ experimentId, runId: small[0] ?? 0 })
    expect(await refusalOf(against)).toMatchObject({ code: 'bad_settings', details: { field: 'reason' } })
    await client.choice.make({ experimentId, runId: small[0] ?? 0, reason: 'It fits a small device.' })
    const chosen = candidates[0]?.runId ?? 0
    const state = await client.choice.make({ experimentId, runId: chosen })
    expect(state.choices).toMatchObject([
      { runId: chosen, rule: 'suggested', reason: '', openingsBefore: 0 },
      {
        runId: small[0],
        rule: 'own',
        reason: 'It fits a small device.',
        suggestion: { key: suggestion.key, name: suggestion.name }
      }
    ])

    const final = await client.choice.trainFinal({ experimentId })
    expect(final).toMatchObject({ parentId: chosen, data: { kind: 'final' }, plan: { stopping: { patience: null } } })
    const bestEpochs = await Promise.all(large.map(async (runId) => (await client.runs.get({ runId })).bestEpoch ?? 0))
    expect(final.plan.stopping.epochs).toBe(Math.round((Math.min(...bestEpochs) + Math.max(...bestEpochs)) / 2))
    const trained = await waitForStatus(client, final.id, 'done')
    expect(trained).toMatchObject({ validation: null, epochs: final.plan.stopping.epochs })
    // Nothing is compared with it, and nobody trains a second one by accident.
    const after = await client.choice.get({ experimentId })
    expect(after).toMatchObject({ finalRunId: final.id, tried: 2 })
    expect(after.candidates).toEqual(candidates)
    expect((await client.selection.verdict({ runId: final.id })).verdict).toBe('unjudged')
    expect(await refusalOf(client.choice.trainFinal({ experimentId }))).toMatchObject({ code: 'conflict' })
    expect(await refusalOf(client.choice.make({ experimentId, runId: final.id }))).toMatchObject({ code: 'conflict' })

    const expectation = await client.choice.expectation({ runId: final.id })
    const judged = await client.runs.get({ runId: chosen })
    expect(expectation?.validation).toBeCloseTo(1 - (judged.validation?.accuracy ?? NaN), 6)
    expect(expectation).toMatchObject({ ofRun: chosen, testRows: experiment.rows.test })
    const { test, opening } = await client.runs.openTest({ runId: final.id })
    const error = opening.expectation?.error ?? NaN
    expect(error).toBeCloseTo(1 - (test.accuracy ?? NaN), 6)
    expect(opening).toMatchObject({ count: 1, expectation: { ...expectation, outcome: 'as_expected' } })
    await client.runs.openTest({ runId: small[0] ?? 0 })
    expect((await client.choice.get({ experimentId })).openings).toMatchObject([
      { runId: final.id, count: 1, test },
      { runId: small[0], count: 2 }
    ])
  })

  it('trains one final model where two ask for it at the same time', async () => {
    const folder = await temporaryFolder()
    const { client } = await openLab(folder)
    const experiment = await ringsExperiment(client, folder)
    const experimentId = experiment.id
    const [runId = 0] = await train(client, experiment, 24, 20)
    await client.choice.make({ experimentId, runId })
    const asked = [client.choice.trainFinal({ experimentId }), client.choice.trainFinal({ experimentId })]
    const refusals = await Promise.all(asked.map(refusalOf))
    expect(refusals.filter((refusal) => refusal !== null)).toMatchObject([{ code: 'conflict' }])
  })
})
