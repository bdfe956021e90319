import { parentPort } from 'node:worker_threads'

/** A thread of a pool that dies of every question. */
parentPort?.on('message', () => {
  throw new Error('this thread is broken')
})
