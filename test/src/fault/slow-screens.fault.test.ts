import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { isNight, skipUnless } from '../harness/skip.ts'
import type { FromPushing } from './slow-screens/pushing-server.ts'
import { SlowScreen } from './slow-screens/slow-screen.ts'
import type { Reading } from './slow-screens/slow-screen.ts'

const secondMs = 1000
const slowForMs = (isNight ? 60 : 15) * secondMs
/** Each screen receives 600 kB a second; with more of them the machine itself would become the bottleneck. */
const healthyCount = isNight ? 160 : 40
const baselineMs = 5 * secondMs
const sampleEveryMs = 2.5 * secondMs

/** Less than 40 slow screens are sent in a second. */
const maxGrowthBytes = 20e6

interface Outcome {
  readonly baselineP99Ms: number
  readonly slowP99Ms: number
  readonly growthBytes: number
}

describe(
  'screens that read slowly or not at all',
  skipUnless(process.env['TEST_DATABASE_URL'] === undefined, 'slow screens (no database has a part in it)'),
  () => {
    it('delay no other screen and use hardly any memory', async () => {
      const { baselineP99Ms, slowP99Ms, growthBytes } = await run('product')
      console.log(
        `p99 ${baselineP99Ms.toFixed(1)} ms, beside slow screens ${slowP99Ms.toFixed(1)} ms, ${megabytes(growthBytes)} MB more`,
      )
      // A frame that waits for a slow screen waits for seconds; beside other load, p99 varies by several times.
      expect(slowP99Ms / baselineP99Ms).toBeLessThan(10)
      expect(growthBytes).toBeLessThan(maxGrowthBytes)
    })

    it('would use more memory if they were simply sent everything', async () => {
      const { growthBytes } = await run('plain', maxGrowthBytes)
      expect(growthBytes).toBeGreaterThan(maxGrowthBytes)
    })
  },
)

/**
 * Runs healthy screens alone, then next to 20 stalled and 20 trickling ones.
 * @param until ends the run as soon as the server's memory has grown by more.
 */
async function run(kind: 'product' | 'plain', until = Infinity): Promise<Outcome> {
  const server = fork(new URL('slow-screens/pushing-server.ts', import.meta.url), [kind], { execArgv: ['--expose-gc'] })
  const screens: SlowScreen[] = []
  const start = async (port: number, count: number, reading: Reading): Promise<SlowScreen[]> => {
    const started = Array.from({ length: count }, () => new SlowScreen(port, reading))
    screens.push(...started)
    await Promise.all(started.map((screen) => screen.start()))
    return started
  }
  try {
    const port = await listening(server)
    const healthy = await start(port, healthyCount, 'healthy')
    await pause(2 * secondMs)
    forget(healthy)
    await pause(baselineMs)
    const baselineP99Ms = p99(healthy)
    const before = await memoryOf(server)
    await start(port, 20, 'stalled')
    await start(port, 20, 'trickling')
    forget(healthy)
    let most = before
    for (let passedMs = 0; passedMs < slowForMs && most - before <= until; passedMs += sampleEveryMs) {
      await pause(sampleEveryMs)
      most = Math.max(most, await memoryOf(server))
    }
    return { baselineP99Ms, slowP99Ms: p99(healthy), growthBytes: most - before }
  } finally {
    for (const screen of screens) screen.close()
    server.kill()
  }
}

async function listening(server: ChildProcess): Promise<number> {
  const [message] = (await once(server, 'message')) as [FromPushing]
  if (message.is !== 'listening') throw new Error('the server does not listen')
  return message.port
}

async function memoryOf(server: ChildProcess): Promise<number> {
  const told = once(server, 'message')
  server.send('memory')
  const [message] = (await told) as [FromPushing]
  if (message.is !== 'using') throw new Error('the server tells something else')
  return message.bytes
}

function forget(screens: readonly SlowScreen[]): void {
  for (const { latenciesMs } of screens) latenciesMs.length = 0
}

function p99(screens: readonly SlowScreen[]): number {
  const all = Float64Array.from(screens.flatMap(({ latenciesMs }) => latenciesMs)).toSorted()
  return all[Math.floor(all.length * 0.99)] ?? Number.NaN
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}
