import { execFileSync } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BoardClient } from '../harness/board-client.ts'
import { eventuallyWithin } from '../harness/eventually.ts'
import { findPostgresqlPrograms } from '../harness/postgresql-cluster.ts'
import { isNight, skipUnless } from '../harness/skip.ts'
import { canMountDisks } from '../harness/small-disk.ts'
import { faultSeed, randomNumbers } from './random-numbers.ts'
import { DeskPage } from './week/desk-page.ts'
import { plainBoard, plainVisits } from './week/plain-truth.ts'
import { Plant } from './week/plant.ts'
import { Senders } from './week/senders.ts'
import { hourMs, minuteMs, realDurationMs, simulatedNow } from './week/simulated-time.ts'
import type { Simulation } from './week/simulated-time.ts'
import { planWeek } from './week/week-plan.ts'

const programs = await findPostgresqlPrograms()
const isPossible = programs !== undefined && canMountDisks
const [secondMs, dayMs] = [1_000, 24 * hourMs]
/** A Monday, five in the morning, so that a short run has some of the night, a file and the beginning of a shift. */
const beginAt = Date.UTC(2026, 10, 2, 5)
const hours = Number(process.env['SIMULATED_HOURS'] ?? (isNight ? 7 * 24 : 4 / 3))
const endAt = beginAt + hours * hourMs
/** Figures are compared this often, and at every midnight. */
const checkEveryMs = (hours > 24 ? 8 : hours > 4 ? 2 : 1) * hourMs
const screensPerServer = 3
const agreeWithinMs = 60 * secondMs
/** An order that was overdue for as long was so while the servers worked, whatever else failed. */
const surelyToldAfterMs = 1.5 * hourMs
/** Twice what a server of this size needs. */
const mostRssBytes = 1_200 * 1_048_576
const leastUptimeMs = 60 * secondMs

describe(
  `${Number(hours.toFixed(1))} hours of a plant, with ${isNight ? 'many' : 'a few'} faults (FAULT_SEED=${faultSeed})`,
  {
    timeout: realDurationMs(beginAt, endAt) * 3 + 600 * secondMs,
    ...skipUnless(isPossible, 'a simulated week (needs root and the server programs of PostgreSQL)'),
  },
  () => {
    const plan = planWeek(faultSeed, beginAt, endAt)
    let simulation: Simulation
    let plant: Plant
    let senders: Senders
    const screens: BoardClient[] = []
    const pages: DeskPage[] = []
    const memory: {
      readonly at: number
      readonly server: number
      readonly rssBytes: number
      readonly uptimeMs: number
    }[] = []
    let faulting: Promise<void> = Promise.resolve()
    const now = () => simulatedNow(simulation)

    beforeAll(async () => {
      const owner = Number(execFileSync('id', ['-u', 'postgres']))
      // The time of the simulation begins when everything is up.
      simulation = { beginAt, realBeginAt: Date.now() + 12 * secondMs }
      plant = await Plant.open(simulation, programs!, owner)
      const { key, servers } = plant
      const urls = servers.map(({ url }) => url)
      senders = new Senders(plan.events, { key, urls, now, random: randomNumbers(faultSeed + 2) })
      for (const url of urls) {
        for (let i = 0; i < screensPerServer; i++) screens.push(new BoardClient({ url, site: 'main', token: key }))
        pages.push(new DeskPage(url, key))
      }
      await Promise.all(screens.map((screen) => screen.join()))
    }, 180 * secondMs)
    afterAll(async () => {
      for (const screen of screens) screen.close()
      for (const page of pages) page.close()
      await plant.close()
    }, 60 * secondMs)

    it('lose nothing, count nothing twice, and show the truth on every screen', async () => {
      const sending = senders.run()
      // An error in it ends the run at once.
      const failed = sending.then(() => new Promise<never>(() => undefined))
      const live = async (): Promise<void> => {
        for (const at of checkTimes()) {
          await failUntil(at)
          await compare(at)
        }
      }
      await Promise.race([live(), failed])
      senders.stop()
      await sending
      expectMemory()
      await expectAlerts()
      console.log(
        `${hours} h: ${senders.stored.length} events, ${plan.faults.length} faults, ${senders.failedCount} attempts failed, ` +
          `${senders.repeatedCount} events repeated, ${senders.importedFiles} files, ${checkTimes().length} comparisons`,
      )
    })

    function checkTimes(): number[] {
      const times = []
      for (let at = beginAt + hourMs; at < endAt; at += hourMs) {
        if ((at - beginAt) % checkEveryMs === 0 || at % dayMs === 0) times.push(at)
      }
      return [...times, endAt]
    }

    /** Carries out the planned faults until the instant, one at a time, and waits for it. */
    async function failUntil(until: number): Promise<void> {
      while (now() < until) {
        const due = plan.faults.filter(({ at }) => at <= now() && !done.has(at))
        for (const { at, kind, server } of due) {
          done.add(at)
          faulting = faulting.then(() => plant.fail(kind, server))
          await faulting
        }
        await delay(100)
      }
    }
    const done = new Set<number>()

    function eventsByOrder(): ReadonlyMap<string, OrderEvent[]> {
      return Map.groupBy(senders.stored, ({ order }) => order)
    }

    /** While nothing is sent, the log, both servers, all screens and all pages agree with the plain calculation. */
    async function compare(at: number): Promise<void> {
      await senders.pause()
      const { database } = plant
      await eventuallyWithin(agreeWithinMs, async () => {
        const rows = await database.query<{ id: string }>('select id from events')
        expect(rows.map(({ id }) => id).toSorted()).toEqual(senders.stored.map(({ id }) => id).toSorted())
      })
      const byOrder = eventsByOrder()
      await eventuallyWithin(agreeWithinMs, () => {
        for (const [i, screen] of screens.entries()) {
          expect(screen.shown, `screen ${i}`).toBeDefined()
          const { asOf } = screen.shown!
          expect(now() - asOf, `screen ${i} shows the present`).toBeLessThan(3 * hourMs)
          expect(countsOf(screen.shown!), `screen ${i} at ${iso(at)}, as of ${iso(asOf)}`).toEqual(
            expectedCounts(byOrder, asOf),
          )
        }
        for (const [i, page] of pages.entries()) {
          expect(page.tree, `page ${i}`).toBeDefined()
          const { asOf, rows } = page.tree as unknown as { asOf: number; rows: Record<string, unknown> }
          const { overdueOrders } = plainBoard(byOrder, asOf)
          expect(Object.keys(rows).toSorted(), `page ${i} at ${iso(at)}`).toEqual(overdueOrders.slice(0, 500))
        }
      })
      for (const [index, server] of plant.servers.entries())
        memory.push({ at, server: index, ...(await plant.memoryOf(server)) })
      senders.resume()
    }

    /** After its first minute, a server takes hardly more memory for as long as it runs. */
    function expectMemory(): void {
      expect(Math.max(...memory.map(({ rssBytes }) => rssBytes))).toBeLessThan(mostRssBytes)
      for (const index of [0, 1]) {
        const own = memory.filter(({ server }) => server === index)
        const lives: (typeof own)[] = []
        for (const sample of own) {
          const last = lives.at(-1)
          if (last === undefined || sample.uptimeMs < last.at(-1)!.uptimeMs) lives.push([sample])
          else last.push(sample)
        }
        for (const life of lives) {
          const settled = life.filter(({ uptimeMs }) => uptimeMs > leastUptimeMs)
          if (settled.length < 3) continue
          const [first, last] = [settled[0]!, settled.at(-1)!]
          expect(last.rssBytes, `server ${index}`).toBeLessThan(first.rssBytes * 1.5)
        }
      }
    }

    /** Whoever was overdue for long was reported once, and nobody who was never overdue. */
    async function expectAlerts(): Promise<void> {
      const at = now()
      const visits = plainVisits(eventsByOrder(), at)
      const late = lateOrders()
      const overdue = visits.filter(({ dueAt, endedAt = at }) => dueAt !== undefined && endedAt > dueAt)
      const surely = overdue.filter(
        ({ order, dueAt = 0, endedAt = at }) =>
          !late.has(order) && endedAt - dueAt > surelyToldAfterMs && dueAt < at - surelyToldAfterMs,
      )
      const keyOf = ({ order, stage }: { order: string; stage: string }) => JSON.stringify([order, stage])
      await eventuallyWithin(agreeWithinMs, async () => {
        const { database, receiver } = plant
        const rows = await database.query<{ order: string; stage: string }>(
          `select order_id as "order", stage from transitions where kind = 'overdue'`,
        )
        const recorded = rows.map(keyOf)
        const wanted = surely.map(keyOf)
        expect(wanted.filter((key) => !recorded.includes(key))).toEqual([])
        expect(wanted.filter((key) => recorded.indexOf(key) !== recorded.lastIndexOf(key))).toEqual([])
        const possible = new Set(overdue.map(keyOf))
        // A clock that is ahead, or an event that arrives late, makes an order overdue that was not.
        const wrong = rows.filter((row) => !possible.has(keyOf(row)) && !late.has(row.order))
        const mayBeWrong = plan.faults.some(({ kind }) => kind === 'set clock')
        expect(mayBeWrong ? [] : wrong).toEqual([])
        // Every message has an id of its own; one that is sent again has the same.
        const told = new Map(
          receiver.received.map(({ id, body }) => [id, JSON.stringify([body.data['order'], body.data['stage']])]),
        )
        const toldKeys = [...told.values()]
        expect(wanted.filter((key) => !toldKeys.includes(key))).toEqual([])
        expect(wanted.filter((key) => toldKeys.indexOf(key) !== toldKeys.lastIndexOf(key))).toEqual([])
      })
      console.log(
        `${surely.length} visits were overdue for long, ${plant.receiver.received.length} messages were received`,
      )
    }

    /** Orders of which an event arrived late enough to change what was known of it. */
    function lateOrders(): ReadonlySet<string> {
      return new Set(
        plan.events
          .filter(({ event, sendAt, sender }) => sender === 'file' || sendAt - event.occurredAt > 5 * minuteMs)
          .map(({ event }) => event.order),
      )
    }
  },
)

function countsOf({ kpis, stages, overdue }: Board) {
  return {
    open: kpis.open.count,
    arrivedToday: kpis.open.inToday,
    endedToday: kpis.open.outToday,
    overdue: kpis.overdue.count,
    listed: overdue.total,
    held: Object.values(stages).reduce((sum, stage) => sum + stage.held, 0),
    wip: Object.fromEntries(Object.entries(stages).flatMap(([code, { wip }]) => (wip === 0 ? [] : [[code, wip]]))),
  }
}

function expectedCounts(byOrder: ReadonlyMap<string, readonly OrderEvent[]>, asOf: number) {
  const { overdueOrders, ...counts } = plainBoard(byOrder, asOf)
  return { ...counts, listed: overdueOrders.length }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
