/**
 * The desktop app: one lab in the main process, one window on it, the engine in a utilityProcess.
 * Closing the last window closes the lab; running runs are left to be resumed.
 */
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  protocol,
  session,
  utilityProcess
} from 'electron'
import { join } from 'node:path'
import { acceptConnections } from '#lab/desktop/connection.ts'
import { createUtilityLauncher } from '#lab/desktop/engine.ts'
import { guardContents, guardSession } from '#lab/desktop/guard.ts'
import { registerScheme, serveScheme } from '#lab/desktop/scheme.ts'
import { openWindow } from '#lab/desktop/window.ts'
import { engineProgram } from '#lab/engine/launcher.ts'
import type { HostServices } from '#lab/hosts/services.ts'
import { createLab } from '#lab/lab.ts'
import { menuFor } from '#lab/hosts/menu.ts'
import { chosenLabFolder, usualLabFolder, windowFilesFolder } from '#lab/hosts/lab-folder.ts'
import { filesAmong, OpenedFiles } from '#lab/hosts/opened-files.ts'
import { createLogFile } from '#lab/hosts/log-file.ts'
import { quitAnswers, quitQuestion } from '#lab/hosts/quit-question.ts'

app.enableSandbox()
registerScheme(protocol)
app.setPath('userData', windowFilesFolder(app.getPath('appData')))
app.on('web-contents-created', (_event, contents) => guardContents(contents))

const opened = new OpenedFiles()
const files = filesAmong(process.argv, process.cwd())
// macOS tells of a file before the app is ready.
app.on('open-file', (event, path) => {
  event.preventDefault()
  opened.add([path])
})
opened.add(files)

if (app.requestSingleInstanceLock({ files })) void app.whenReady().then(start)
else app.quit()

async function start(): Promise<void> {
  const appRoot = app.getAppPath()
  const say = (message: string) => void dialog.showMessageBoxSync({ message })
  const labFolder = chosenLabFolder(process.argv.slice(1)) ?? usualLabFolder(say)
  const log = createLogFile(labFolder)
  const program = engineProgram({ root: appRoot })
  guardSession(session.defaultSession)
  serveScheme(protocol, join(appRoot, 'out', 'renderer'))
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuFor(process.platform)))

  const services: HostServices = {
    name: 'desktop',
    capabilities: { nativeFiles: true, uploads: false },
    launchEngine: createUtilityLauncher(utilityProcess, program, log),
    log,
    // What DuckDB opens by itself can't be inside the archive, so the lab's files lie beside it.
    root: appRoot.replace(/\.asar$/, '.asar.unpacked')
  }
  const lab = await createLab(labFolder, services, { canLookOnly: true }).catch((error: unknown) => {
    dialog.showErrorBox('Topology Lab', error instanceof Error ? error.message : String(error))
    app.exit(1)
    return null
  })
  if (!lab) return
  if (lab.lookOnly) dialog.showErrorBox('Topology Lab', `${lab.lookOnly.message} It is opened to be looked at.`)
  lab.warmUp()
  lab.continueInterrupted()

  let isClosed = false
  app.on('before-quit', (event) => {
    if (isClosed) return
    event.preventDefault()
    const question = quitQuestion(lab.countActive())
    if (question && dialog.showMessageBoxSync(question) !== quitAnswers.quit) return showWindow()
    void lab.close().finally(() => {
      isClosed = true
      app.quit()
    })
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app.on('activate', showWindow)
  app.on('open-file', showWindow)
  app.on('second-instance', (_event, _args, _folder, handed) => {
    opened.addHanded(handed)
    showWindow()
  })
  acceptConnections(lab.router, { ipcMain, MessageChannelMain, dialog, opened })
  showWindow()

  function showWindow(): void {
    const [window = openWindow(BrowserWindow, appRoot)] = BrowserWindow.getAllWindows()
    if (window.isMinimized()) window.restore()
    window.focus()
  }
}
