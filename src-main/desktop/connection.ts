/** Connects the page to the lab: oRPC over a MessagePort that goes through the preload, and the native file dialogs. */
import { basename } from 'node:path'
import type { Router } from '@orpc/server'
import { RPCHandler } from '@orpc/server/message-port'
import type { dialog, IpcMain, MessageChannelMain, MessagePortMain } from 'electron'
import type { Contract } from '#contract/contract.ts'
import { jsonSerializers } from '#contract/serialization.ts'
import { channels } from '#lab/desktop/channels.ts'
import type { OpenedFiles } from '#lab/hosts/opened-files.ts'
import { isOwnFrame } from '#lab/desktop/guard.ts'

export interface ConnectionParts {
  readonly ipcMain: IpcMain
  readonly MessageChannelMain: new () => MessageChannelMain
  readonly opened: OpenedFiles
  readonly dialog: Pick<typeof dialog, 'showOpenDialog' | 'showSaveDialog'>
}

/** Answers the preload's messages, and only those of our own page. A page has one connection: a new one ends the old. */
export function acceptConnections(router: Router<Contract, Record<never, never>>, parts: ConnectionParts): void {
  const handler = new RPCHandler(router, { customJsonSerializers: jsonSerializers })
  const connected = new Map<number, MessagePortMain>()

  parts.ipcMain.on(channels.connect, (event) => {
    if (!isOwnFrame(event.senderFrame)) return
    const { port1, port2 } = new parts.MessageChannelMain()
    connected.get(event.sender.id)?.close()
    connected.set(event.sender.id, port1)
    handler.upgrade(port1, {})
    port1.start()
    event.senderFrame.postMessage(channels.port, null, [port2])
  })

  parts.ipcMain.on(channels.takeFiles, ({ sender, senderFrame }) => {
    if (!isOwnFrame(senderFrame)) return
    sender.once(
      'destroyed',
      parts.opened.listen((paths) => sender.send(channels.openedFiles, paths))
    )
  })

  parts.ipcMain.handle(channels.chooseFiles, async (event): Promise<string[]> => {
    if (!isOwnFrame(event.senderFrame)) return []
    const { filePaths } = await parts.dialog.showOpenDialog({ properties: ['openFile', 'multiSelections'] })
    return filePaths
  })

  parts.ipcMain.handle(channels.chooseTarget, async (event, name: unknown): Promise<string | null> => {
    if (!isOwnFrame(event.senderFrame)) return null
    const { canceled, filePath } = await parts.dialog.showSaveDialog({ defaultPath: basename(String(name)) })
    return canceled ? null : filePath
  })
}
