/** Choosing a topology, and opening the sealed test part for it. */
import type { ChoiceService } from '#lab/choice/choice.ts'
import { openTestPart, type TestPartOptions, toOpenedTest } from '#lab/choice/test-part.ts'
import type { Implementer } from '#lab/procedures/implementer.ts'
import type { Runs } from '#lab/runs/runs.ts'

export function choiceProcedures({ choice: os }: Implementer, choice: ChoiceService) {
  return {
    get: os.get.handler(({ input }) => choice.get(input.experimentId, input.folds)),
    make: os.make.handler(({ input }) => choice.make(input.experimentId, input.runId, input.reason)),
    trainFinal: os.trainFinal.handler(({ input }) => choice.trainFinal(input.experimentId)),
    expectation: os.expectation.handler(({ input }) => choice.expectation(input.runId))
  }
}

/** `runs.openTest`, `runs.openedTest`, and the leave that agents need. */
export function testPartProcedures({ runs: os }: Implementer, options: TestPartOptions, runs: Pick<Runs, 'get'>) {
  return {
    openTest: os.openTest.handler(({ input }) => openTestPart(options, input.runId, input.by)),
    allowTest: os.allowTest.handler(({ input: { runId, allowed } }) => {
      runs.get(runId)
      if (allowed) options.store.testConsents.give(runId, Date.now())
      else options.store.testConsents.take(runId)
      return { allowed }
    }),
    testAllowed: os.testAllowed.handler(({ input: { runId } }) => {
      runs.get(runId)
      return { allowed: options.store.testConsents.has(runId) }
    }),
    openedTest: os.openedTest.handler(({ input: { runId } }) => {
      runs.get(runId)
      const opening = options.store.openings.ofRun(runId)
      return opening && toOpenedTest(opening)
    })
  }
}
