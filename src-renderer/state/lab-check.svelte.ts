/** The look through all that the lab keeps, as a person follows it. Knows no pixels. */
import type { LabCheck } from '#contract/host.ts'
import type { LabClient } from '#renderer/lab/client.ts'
import { toFailure } from '#renderer/lab/failure.ts'

export class LabCheckView {
  result = $state.raw<LabCheck | null>(null)
  failure = $state<string | null>(null)
  isLooking = $state(false)
  readonly #client: Pick<LabClient['host'], 'check' | 'mend'>

  constructor(client: Pick<LabClient['host'], 'check' | 'mend'>) {
    this.#client = client
  }

  /** Whether there is something that the lab can mend by itself. */
  get canMend(): boolean {
    return this.result?.findings.some(({ mended, help }) => !mended && help === null) ?? false
  }

  /** Looks, and with `mends` does what helps. */
  async look(mends: boolean): Promise<void> {
    if (this.isLooking) return
    this.isLooking = true
    this.failure = null
    try {
      this.result = await (mends ? this.#client.mend() : this.#client.check())
    } catch (error) {
      this.result = null
      this.failure = toFailure(error).message
    } finally {
      this.isLooking = false
    }
  }
}
