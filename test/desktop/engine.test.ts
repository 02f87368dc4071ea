/** The launcher of the desktop's engine process, on a real process: its end is told apart from its death. */
import { expect, test } from 'vitest'
import type { ChildProcess } from 'node:child_process'
import type { FromEngine } from '#engine/process/protocol.ts'
import { createUtilityLauncher } from '#lab/desktop/engine.ts'
import { engineProgram } from '#lab/engine/launcher.ts'
import type { EngineExit, EnginePort } from '#lab/hosts/services.ts'
import { electron, root } from '#test/desktop/electron-stand-in.ts'

/** Launches an engine and waits until it says that it is ready. */
function launch(log: string[] = [], program: { file: string; args: string[] } = engineProgram({ root, threads: 1 })) {
  const children: ChildProcess[] = []
  const processes = {
    fork(file: string, args: string[]) {
      const child = electron.utilityProcess.fork(file, args)
      children.push(child)
      return child
    }
  } as unknown as Parameters<typeof createUtilityLauncher>[0]
  const port = createUtilityLauncher(processes, program, (_level, message) => log.push(message))()
  return { port, child: children[0] }
}

const firstMessage = (port: EnginePort) => new Promise<FromEngine>((resolve) => port.onMessage(resolve))
const exitOf = (port: EnginePort) => new Promise<EngineExit>((resolve) => port.onExit(resolve))

test('an engine that is asked to end ends, and takes messages no more', async () => {
  const { port } = launch()
  expect(await firstMessage(port)).toEqual({ type: 'ready', threads: 1 })
  const exit = exitOf(port)
  await port.stop()
  expect(await exit).toMatchObject({ kind: 'exit' })
  expect(() => port.post({ type: 'shutdown' })).not.toThrow()
  await port.stop()
})

test('an engine that dies has crashed', async () => {
  const { port, child } = launch()
  await firstMessage(port)
  child?.kill('SIGKILL')
  expect(await exitOf(port)).toMatchObject({ kind: 'crash' })
})

test('what an engine says before it dies is in the log', async () => {
  const log: string[] = []
  const { port } = launch(log, { file: engineProgram({ root }).file, args: [] })
  expect(await exitOf(port)).toMatchObject({ kind: 'crash', code: 1 })
  expect(log.join('\n')).toContain('--kernels=FILE')
})
