import { setTimeout as wait } from 'node:timers/promises'
import { openBrowser } from '@stagewatch/test/harness/browser.ts'
import type { FilledServer } from '../filled/start-filled-server.ts'
import type { Interaction } from './interaction.ts'

/** The browser does not report shorter interactions; they count as this. */
const leastMs = 16
const thinkMs = 250

/** Time to the next paint of each interaction, ms, ascending. */
export interface WatchedInteractions {
  readonly ms: Float64Array
  /** CPU time of the page's main thread from one interaction to the next, including updates; ascending. */
  readonly workMs: Float64Array
  /** The longest of each kind, by elapsed and by CPU time. */
  readonly longest: ReadonlyMap<string, readonly [ms: number, workMs: number]>
}

/** A page of the desk, and the interactions with it. */
export interface ActedPage {
  readonly path: string
  /** Selector of an element that exists once the page is ready. */
  readonly ready: string
  /** Selector of figures that must change with incoming events. */
  readonly figures: string
  readonly interactions: readonly Interaction[]
}

export interface WatchedPage {
  readonly browser: string
  /** Performs every interaction once. */
  readonly act: () => Promise<WatchedInteractions>
  /** Number of different figures shown so far, which must grow with incoming events. */
  readonly shownTexts: () => Promise<number>
}

/** An entry of the browser's event timing, with its instants as epoch ms. */
interface TimedEvent {
  readonly interactionId: number
  readonly startedAt: number
  readonly durationMs: number
}

/** The production build of the page in a browser. */
export async function watchPage(
  opened: AsyncDisposableStack,
  { url, setupToken: token }: FilledServer,
  { path, ready, figures, interactions }: ActedPage,
): Promise<WatchedPage> {
  const browser = opened.adopt(await openBrowser(), (one) => one.close())
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
  const data = { token, name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' }
  const reply = await context.request.post(`${url}/api/v1/setup`, { data, headers: { origin: url } })
  if (!reply.ok()) throw new Error(`nobody can be set up: ${await reply.text()}`)
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.goto(url + path)
  await page.locator(ready).first().waitFor()
  await page.evaluate(
    ({ durationThreshold, figures: shownIn }) => {
      const events: TimedEvent[] = []
      const shown = new Set<string | null>()
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as PerformanceEventTiming[]) {
          const { interactionId, startTime, duration } = entry
          if (interactionId === 0) continue
          events.push({ interactionId, startedAt: performance.timeOrigin + startTime, durationMs: duration })
        }
      }).observe({ type: 'event', durationThreshold, buffered: false } as PerformanceObserverInit)
      new MutationObserver(() => shown.add(document.querySelector(shownIn)?.textContent ?? null)).observe(
        document.body,
        { subtree: true, childList: true, characterData: true },
      )
      Object.assign(globalThis, { events, shown })
    },
    { durationThreshold: leastMs, figures },
  )

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
    // The entries arrive after the paint that they describe.
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
