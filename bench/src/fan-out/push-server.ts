import { EventEmitter, once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { startBareWs } from './bare-ws.ts'
import { startBoardSockets } from './board-sockets.ts'
import type { FromServer, ToServer } from './fan-out-message.ts'
import { sampleDelta } from './sample-delta.ts'

/** Rounds in flight: enough to keep the server busy, and few enough to keep buffers small. */
const roundsOnTheWay = 8
/** Timeout without a message from the clients. */
const patienceMs = 20_000

const target = process.argv[2] === 'ws' ? await startBareWs() : await startBoardSockets()
const arrivals = new EventEmitter()
let pushed = 0
const received = { rounds: 0 }

function tell(message: FromServer): void {
  process.send?.(message)
}

async function receivedRounds(rounds: number): Promise<void> {
  while (received.rounds < rounds) await once(arrivals, 'received', { signal: AbortSignal.timeout(patienceMs) })
}

async function push(rounds: number): Promise<void> {
  const startedAt = performance.now()
  const startedCpu = process.cpuUsage()
  for (let i = 0; i < rounds; i++) {
    await receivedRounds(pushed - roundsOnTheWay)
    target.push(sampleDelta(pushed))
    pushed += 1
    // Boards send one delta at a time: two in the same turn could share a write, which never happens in production.
    await setImmediate()
  }
  await receivedRounds(pushed)
  const { user, system } = process.cpuUsage(startedCpu)
  tell({ is: 'pushed', elapsedMs: performance.now() - startedAt, cpuMs: (user + system) / 1000 })
}

process.on('message', (message: ToServer) => {
  if (message.do === 'push') void push(message.rounds)
  else {
    received.rounds = message.rounds
    arrivals.emit('received')
  }
})
process.on('disconnect', () => process.exit())
tell({ is: 'listening', port: target.port })
