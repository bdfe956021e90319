import { setTimeout as wait } from 'node:timers/promises'
import { openBrowser } from '@stagewatch/test/harness/browser.ts'
import type { FilledServer } from '../filled/start-filled-server.ts'
import { interactions } from './interactions.ts'

/** Nothing shorter is told by the browser: an interaction that it says nothing of counts as one of this. */
const leastMs = 16
const thinkMs = 250

/** Until the next paint, ms, of each interaction; ascending. */
export interface WatchedInteractions {
  readonly ms: Float64Array
  /** Processor time of the page's main thread from one interaction to the next, updates included; ascending. */
  readonly workMs: Float64Array
  /** The longest of each kind, by the clock and by the processor. */
  readonly longest: ReadonlyMap<string, readonly [ms: number, workMs: number]>
}

export interface WatchedOverview {
  readonly browser: string
  /** Does everything once. */
  readonly act: () => Promise<WatchedInteractions>
  /** Figures that the page has shown since: they must move while events come. */
  readonly shownTexts: () => Promise<number>
}

/** An entry of the browser's event timing, with its instants as epoch ms. */
interface TimedEvent {
  readonly interactionId: number
  readonly startedAt: number
  readonly durationMs: number
}

/** The overview as it is built, in a browser. */
export async function watchOverview(
  opened: AsyncDisposableStack,
  { url, setupToken: token }: FilledServer,
): Promise<WatchedOverview> {
  const browser = opened.adopt(await openBrowser(), (one) => one.close())
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
  const data = { token, name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' }
  const reply = await context.request.post(`${url}/api/v1/setup`, { data, headers: { origin: url } })
  if (!reply.ok()) throw new Error(`nobody can be set up: ${await reply.text()}`)
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.goto(`${url}/overview`)
  await page.locator('[data-place="0.0"]').waitFor()
  await page.evaluate((durationThreshold) => {
    const events: TimedEvent[] = []
    const shown = new Set<string | null>()
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as PerformanceEventTiming[]) {
        const { interactionId, startTime, duration } = entry
        if (interactionId === 0) continue
        events.push({ interactionId, startedAt: performance.timeOrigin + startTime, durationMs: duration })
      }
    }).observe({ type: 'event', durationThreshold, buffered: false } as PerformanceObserverInit)
    new MutationObserver(() => shown.add(document.querySelector('#content ul')?.textContent ?? null)).observe(
      document.body,
      { subtree: true, childList: true, characterData: true },
    )
    Object.assign(globalThis, { events, shown })
  }, leastMs)

  async function workedMs(): Promise<number> {
    const { metrics } = await session.send('Performance.getMetrics')
    const found = metrics.find(({ name }) => name === 'TaskDuration')
    if (found === undefined) throw new Error('the browser does not tell what its main thread works')
    return found.value * 1000
  }

  async function act(): Promise<WatchedInteractions> {
    await page.evaluate('events.length = 0')
    const done: { name: string; from: number; to: number; workMs: number }[] = []
    let worked = await workedMs()
    for (const { name, run } of interactions) {
      const from = Date.now()
      await run(page)
      await wait(thinkMs)
      const to = Date.now()
      const before = worked
      worked = await workedMs()
      done.push({ name, from, to, workMs: worked - before })
    }
    // Entries come after the paint that they tell of.
    await wait(thinkMs)
    const events = await page.evaluate<TimedEvent[]>('events')
    const longest = new Map<string, readonly [number, number]>()
    const ms = done.map(({ name, from, to, workMs }) => {
      const within = events.filter(({ startedAt }) => startedAt >= from && startedAt < to)
      const longestMs = Math.max(leastMs, ...within.map(({ durationMs }) => durationMs))
      const [beforeMs, beforeWorkMs] = longest.get(name) ?? [0, 0]
      longest.set(name, [Math.max(longestMs, beforeMs), Math.max(workMs, beforeWorkMs)])
      return longestMs
    })
    const workMs = Float64Array.from(done.map((one) => one.workMs)).toSorted()
    return { ms: Float64Array.from(ms).toSorted(), workMs, longest }
  }

  return { browser: `Chromium ${browser.version()}`, act, shownTexts: () => page.evaluate<number>('shown.size') }
}
