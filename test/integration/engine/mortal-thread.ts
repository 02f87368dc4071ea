/**
 * Loaded by Node before the engine's own first file: lets a test end one real thread of a real engine process.
 * The thread dies of an exception outside every run, as it would of a fault in the runtime.
 */
import { isMainThread, threadId } from 'node:worker_threads'

const channel = new BroadcastChannel('test.die')
if (isMainThread) {
  process.on('message', (message: { type: string; threadId: number }) => {
    if (message.type === 'test.die') channel.postMessage(message.threadId)
  })
} else {
  if (process.env['TEST_THREADS_DIE_AT_BIRTH']) throw new Error('It was told to die.')
  channel.onmessage = (event) => {
    if (event.data === threadId) throw new Error('It was told to die.')
  }
}
