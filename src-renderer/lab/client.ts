/** The typed client of the contract over the connection; the one thing through which the app talks to the lab. */
import { createORPCClient } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from '#contract/contract.ts'
import { Connection, type ConnectionStatus } from '#renderer/lab/connection.ts'
import { chooseTransport } from '#renderer/lab/transports.ts'

export type LabClient = ContractRouterClient<Contract>

/** Connects the page to its lab and keeps it connected; `onStatus` hears of every change of the connection. */
export function connectToLab(page: Window, onStatus: (status: ConnectionStatus) => void): LabClient {
  return createORPCClient(new Connection(chooseTransport(page), onStatus))
}
