import { parentPort } from 'node:worker_threads'

/** A pool thread that exits at every query. */
parentPort?.on('message', () => {
  throw new Error('this thread is broken')
})
