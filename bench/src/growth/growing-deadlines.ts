import { DeadlineQueue } from '@stagewatch/server/engine/deadline-queue.ts'
import { seededRandom } from '../seeded-random.ts'
import type { Growing } from './growing.ts'
import { nsPerUnit } from './growing.ts'

const movesOfTurn = 100_000
const spanMs = 30 * 86_400_000

/** Moves the deadline of a random visit to a random instant. */
export const deadlineSet: Growing = {
  name: 'deadline set',
  unit: 'deadline',
  prepare(visits) {
    const { queue, random } = filledQueue(visits)
    return () =>
      nsPerUnit(movesOfTurn, () => {
        for (let i = 0; i < movesOfTurn; i++) queue.set(Math.floor(random() * visits), random() * spanMs)
        checkSize(queue, visits)
      })
  },
}

/** Removes the next deadline and adds a later one. */
export const deadlinePop: Growing = {
  name: 'deadline taken out and set again',
  unit: 'deadline',
  prepare(visits) {
    const { queue, random } = filledQueue(visits)
    return () =>
      nsPerUnit(movesOfTurn, () => {
        for (let i = 0; i < movesOfTurn; i++) {
          const at = queue.peekAt() ?? 0
          const slot = queue.popDue(at)
          if (slot === undefined) throw new Error('nothing was due at the instant of the next deadline')
          queue.set(slot, at + random() * spanMs)
        }
        checkSize(queue, visits)
      })
  },
}

function filledQueue(visits: number) {
  const random = seededRandom(12)
  const queue = new DeadlineQueue()
  for (let slot = 0; slot < visits; slot++) queue.set(slot, random() * spanMs)
  return { queue, random }
}

function checkSize(queue: DeadlineQueue, wanted: number): void {
  if (queue.size !== wanted) throw new Error(`the queue has ${queue.size} deadlines, not ${wanted}`)
}
