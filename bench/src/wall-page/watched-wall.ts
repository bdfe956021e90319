import { setTimeout as wait } from 'node:timers/promises'
import { busyBoard } from '@stagewatch/test/fixture/board-fixture.ts'
import { BoardServer } from '@stagewatch/test/fixture/board-server.ts'
import { openBrowser } from '@stagewatch/test/harness/browser.ts'
import { openWall } from '@stagewatch/test/wall/wall-page.ts'
import { busierBoard } from './busy-deltas.ts'

/** The cadence of boards. */
const cadenceMs = 250

export interface WallWork {
  /** Work of the page's main thread: script, style, layout and paint. Excludes time spent waiting for a processor. */
  readonly taskMs: number
  /** Parts of `taskMs`. */
  readonly scriptMs: number
  readonly styleMs: number
  readonly layoutMs: number
  /** Tasks of more than 50 ms. */
  readonly longTasks: number
}

export interface WatchedWall {
  readonly browser: string
  /** Runs a number of turns of the cadence, each with a delta. @throws unless the page shows the last one. */
  readonly busy: (turns: number) => Promise<WallWork>
  /** The same time without deltas. */
  readonly idle: (turns: number) => Promise<WallWork>
}

/** The production build of the wall in a browser, with a server whose board changes on request. */
export async function watchWall(opened: AsyncDisposableStack): Promise<WatchedWall> {
  const board = busyBoard('en')
  const server = opened.adopt(new BoardServer({ board }), (one) => one.close())
  const url = await server.run()
  const browser = opened.adopt(await openBrowser(), (one) => one.close())
  const wall = await openWall(browser, url, 'sample')
  const session = await wall.page.context().newCDPSession(wall.page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  await wall.page.evaluate(() => {
    const counted = { longTasks: 0 }
    new PerformanceObserver((list) => (counted.longTasks += list.getEntries().length)).observe({ type: 'longtask' })
    Object.assign(globalThis, { counted })
  })
  let turn = 0

  async function taken(): Promise<WallWork> {
    const { metrics } = await session.send('Performance.getMetrics')
    const spentMs = (metric: string) => {
      const found = metrics.find(({ name }) => name === metric)
      if (found === undefined) throw new Error(`the browser has no figure ${metric}`)
      return found.value * 1000
    }
    const longTasks = await wall.page.evaluate<number>('counted.longTasks')
    return {
      taskMs: spentMs('TaskDuration'),
      scriptMs: spentMs('ScriptDuration'),
      styleMs: spentMs('RecalcStyleDuration'),
      layoutMs: spentMs('LayoutDuration'),
      longTasks,
    }
  }

  async function watched(turns: number, change: () => void): Promise<WallWork> {
    const before = await taken()
    for (let i = 0; i < turns; i++) {
      change()
      await wait(cadenceMs)
    }
    const after = await taken()
    return {
      taskMs: after.taskMs - before.taskMs,
      scriptMs: after.scriptMs - before.scriptMs,
      styleMs: after.styleMs - before.styleMs,
      layoutMs: after.layoutMs - before.layoutMs,
      longTasks: after.longTasks - before.longTasks,
    }
  }

  return {
    browser: `Chromium ${browser.version()}`,
    idle: (turns) => watched(turns, () => undefined),
    async busy(turns) {
      let count = 0
      const work = await watched(turns, () => {
        const next = busierBoard(board, (turn += 1))
        count = next.kpis.overdue.count
        server.change(next)
      })
      const shown = await wall.overdue()
      if (shown !== String(count)) throw new Error(`the wall shows ${shown} overdue orders, not ${count}`)
      return work
    },
  }
}
