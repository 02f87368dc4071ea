/** Experiments: the question, made once. */
import type { Experiments } from '#lab/experiments/experiments.ts'
import type { Implementer } from '#lab/procedures/implementer.ts'

export function experimentProcedures({ experiments: os }: Implementer, experiments: Experiments) {
  return {
    propose: os.propose.handler(({ input }) => experiments.propose(input)),
    inspect: os.inspect.handler(({ input, signal }) => experiments.inspect(input.settings, signal)),
    create: os.create.handler(({ input }) => experiments.create(input.name, input.settings)),
    list: os.list.handler(() => experiments.list()),
    get: os.get.handler(({ input }) => experiments.get(input.experimentId)),
    update: os.update.handler(({ input }) => experiments.update(input.experimentId, input)),
    remove: os.remove.handler(({ input }) => experiments.remove(input.experimentId))
  }
}
