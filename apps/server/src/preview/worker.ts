import { parentPort, workerData } from 'node:worker_threads'
import { work, type Work } from './work.ts'

// A thread for one preview: the history is read and counted beside everything else that the server does.
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort?.postMessage(work(workerData as Work))
