/** Runs in the page's sandbox: hands the page its port, and the things only the desktop can do. */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { type DesktopBridge, portMessage } from '#contract/desktop-bridge.ts'
import { channels } from '#lab/desktop/channels.ts'

const bridge: DesktopBridge = {
  host: 'desktop',
  connect: () => ipcRenderer.send(channels.connect),
  pathFor: (file) => webUtils.getPathForFile(file as File),
  chooseFiles: () => ipcRenderer.invoke(channels.chooseFiles) as Promise<string[]>,
  takeOpenedFiles: (take) => {
    ipcRenderer.on(channels.openedFiles, (_event, paths: string[]) => take(paths))
    ipcRenderer.send(channels.takeFiles)
  },
  chooseTarget: (name) => ipcRenderer.invoke(channels.chooseTarget, name) as Promise<string | null>
}

ipcRenderer.on(channels.port, (event) => window.postMessage(portMessage, window.location.origin, event.ports))
contextBridge.exposeInMainWorld('topologyLab', bridge)
