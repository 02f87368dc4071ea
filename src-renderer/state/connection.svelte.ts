/** Whether the lab can be reached just now, for the one quiet line that says so. */
import type { ConnectionStatus } from '#renderer/lab/connection.ts'

export class ConnectionState {
  status = $state.raw<ConnectionStatus>({ state: 'connecting', attempts: 0 })
  /** Counts how often a lost connection came back; readers reload what they may have missed. */
  returns = $state(0)

  update(status: ConnectionStatus): void {
    if (status.state === 'open' && this.status.state === 'reconnecting') this.returns++
    this.status = status
  }
}
