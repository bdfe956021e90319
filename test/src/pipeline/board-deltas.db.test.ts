import { contradictions } from '@stagewatch/server/boards/testing/contradictions.ts'
import { repair, shipping } from '@stagewatch/server/boards/testing/board-of.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { arbitraryHistory } from '@stagewatch/server/engine/testing/arbitrary-history.ts'
import type { Arrival } from '@stagewatch/server/engine/testing/arbitrary-history.ts'
import { board as boardSchema } from '@stagewatch/shared/contract/board.ts'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BoardClient } from '../harness/board-client.ts'
import { submitEvents } from '../harness/open-site.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { startServer } from '../harness/start-server.ts'

const beginAt = Date.parse('2026-11-20T09:13:00+08:00')
const clock = new VirtualClock(beginAt)

let server: StartedServer
beforeAll(async () => {
  server = await startServer({ clock })
})
afterAll(() => server.close())

let sites = 0

async function freshSite(): Promise<string> {
  const site = `site-${++sites}`
  const pipeline = await server.server.sites.getOrCreate(site)
  await pipeline.saveProcess(shipping)
  await pipeline.saveProcess(repair)
  return site
}

async function receive(site: string, { waitMs, events }: Arrival): Promise<void> {
  clock.advanceTo(clock.now() + waitMs)
  await submitEvents(await server.server.sites.get(site), events)
}

async function asked(site: string): Promise<Board> {
  const reply = await fetch(`${server.url}/api/v1/board?site=${site}`)
  return boardSchema.parse(await reply.json())
}

function withoutStamps({ asOf: _asOf, position: _position, ...board }: Board): Omit<Board, 'asOf' | 'position'> {
  return board
}

describe('a screen', () => {
  it('that applies every delta shows the same as a new snapshot, and its numbers are consistent', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryHistory(beginAt, ['default', 'repair']), async (arrivals) => {
        const site = await freshSite()
        const client = new BoardClient({ url: server.url, site })
        try {
          await client.join()
          for (const arrival of arrivals) {
            await receive(site, arrival)
            expect(contradictions(await asked(site))).toEqual([])
          }
          clock.advanceTo(clock.now() + 250)
          const now = await asked(site)
          expect(withoutStamps(await client.shownAt(now.version))).toEqual(withoutStamps(now))
          expect(client.joinCount).toBe(1)
        } finally {
          client.close()
        }
      }),
      { numRuns: Number(process.env['FAST_CHECK_RUNS'] ?? 5) },
    )
  })

  it('that missed a delta rejoins and shows the same as the others', async () => {
    const site = await freshSite()
    const client = new BoardClient({ url: server.url, site })
    const other = new BoardClient({ url: server.url, site })
    try {
      await Promise.all([client.join(), other.join()])
      const [arrivals] = fc.sample(arbitraryHistory(clock.now(), ['default']), { numRuns: 1, seed: 7 })
      client.lose(1)
      for (const arrival of arrivals!) {
        await receive(site, arrival)
        clock.advanceTo(clock.now() + 250)
      }
      const now = await asked(site)
      expect(withoutStamps(await other.shownAt(now.version))).toEqual(withoutStamps(now))
      expect(withoutStamps(await client.shownAt(now.version))).toEqual(withoutStamps(now))
      expect([other.joinCount, client.joinCount]).toEqual([1, 2])
    } finally {
      client.close()
      other.close()
    }
  })

  it('receives at most four deltas a second, however much happens', async () => {
    const site = await freshSite()
    const client = new BoardClient({ url: server.url, site })
    try {
      const { version } = await client.join()
      const start = clock.now()
      clock.advanceTo(start + 1000)
      for (let i = 0; i < 100; i++) {
        const event = {
          source: 'wms',
          id: `e${i}`,
          order: `SO-${i}`,
          stage: 'picking',
          occurredAt: clock.now(),
          data: {},
        }
        await receive(site, { waitMs: 20, events: [{ ...event, type: 'stage.entered' }] })
      }
      clock.advanceTo(clock.now() + 250)
      const now = await asked(site)
      await client.shownAt(now.version)
      const sentAt = client.deltas.filter(({ from }) => from >= version).map(({ asOf }) => asOf)
      // Within 2.25 s; events stored just after an update are part of the next one.
      expect(sentAt.length).toBeLessThanOrEqual(9)
      expect(sentAt.length).toBeGreaterThan(4)
      for (const [i, at] of sentAt.slice(4).entries()) expect(at - sentAt[i]!).toBeGreaterThanOrEqual(1000)
    } finally {
      client.close()
    }
  })

  it('is refused a board that does not exist', async () => {
    const client = new BoardClient({ url: server.url, site: await freshSite(), board: 'overview:teleport' })
    try {
      await expect(client.join()).rejects.toThrow('unknown_board')
    } finally {
      client.close()
    }
  })
})
