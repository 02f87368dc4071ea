/** The thread that reads a foreign network; entry of a worker. Its answer is its one message; it ends by itself. */
import { parentPort, workerData } from 'node:worker_threads'
import { LabError } from '#contract/errors.ts'
import { type NetworkFile, type ReadAnswer, readNetworkFile } from '#lab/models/onnx-import/read-file.ts'

function answer(): ReadAnswer {
  try {
    return { type: 'read', network: readNetworkFile(workerData as NetworkFile) }
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    return { type: 'refused', code: error.code, message: error.message }
  }
}

parentPort?.postMessage(answer())
