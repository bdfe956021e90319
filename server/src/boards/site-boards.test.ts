import { openPrivacy, type Privacy } from '@stagewatch/shared/domain/access/audience.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { protocolVersion } from '@stagewatch/shared/contract/socket.ts'
import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { VirtualClock } from '../platform/clock/virtual-clock.ts'
import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import { LiveEngine } from '../engine/live-engine.ts'
import { foldAgain } from '../projection/fold-orders.ts'
import type { RoomName } from './board-publisher.ts'
import { EngineTimer } from './engine-timer.ts'
import { MemoryLimit } from './memory-limit.ts'
import { SiteBoards } from './site-boards.ts'
import { boardSource, shipping } from './testing/board-of.ts'
import { fedEngine, engineWithHistories } from './testing/fed-engine.ts'

const hourMs = 3_600_000
const beginAt = Date.parse('2026-11-20T09:13:00+08:00')
const masked: Privacy = { ...openPrivacy, customers: 'masked', people: 'team' }

let clock: VirtualClock
let engine: LiveEngine
let processes: Set<string>
let dataAsOf: number | undefined
let sent: (readonly [RoomName, BoardDelta])[]
let boards: SiteBoards

beforeEach(() => {
  clock = new VirtualClock(beginAt)
  engine = fedEngine(shipping, [{ order: 'SO-1', stage: 'picking', ageMs: hourMs }], beginAt)
  processes = new Set(['default'])
  dataAsOf = undefined
  sent = []
  boards = open()
})

function open(departments?: readonly string[]): SiteBoards {
  return new SiteBoards({
    clock,
    defaultProcess: () => 'default',
    sourceOf: (process) =>
      processes.has(process)
        ? {
            ...boardSource(engine, process),
            sources: { erp: { name: { en: 'ERP' }, lastReceivedAt: beginAt - 5_000, late: false } },
          }
        : undefined,
    translationsOf: (texts) => ({ seen: { en: [...texts].join() || 'nothing' } }),
    position: () => '7',
    departments,
    site: 'main',
    deltas: { delta: (room, delta) => void sent.push([room, delta]) },
    dataAsOf: () => dataAsOf,
    built: () => undefined,
    failed: (error) => expect.fail(String(error)),
  })
}

describe('the boards of a site', () => {
  it('are the overview of its default process and one of each process, made once for all who see the same', () => {
    processes.add('repair')
    expect(boards.find('overview')).toBe(boards.find('overview'))
    expect(boards.find('overview', masked)).not.toBe(boards.find('overview'))
    expect(boards.find('overview:repair')?.board).toBe('overview:repair')
    for (const unknown of ['overview:nothing', 'nothing', 'overview:']) expect(boards.find(unknown)).toBeUndefined()
    expect(new Set(boards.audiences()).size).toBe(2)
    expect(boards.audiences()).toHaveLength(3)
  })

  it('send changes to the room of their viewers', () => {
    boards.find('overview')!.snapshot()
    boards.find('overview', masked)!.snapshot()
    engine = fedEngine(shipping, [], beginAt)
    boards.invalidate()
    clock.advanceTo(beginAt + 250)
    const audiences = [openPrivacy, masked].map((privacy) => boards.audience(privacy))
    expect(sent.map(([room]) => room)).toEqual(
      audiences.map((audience) => ({ site: 'main', audience, board: 'overview' })),
    )
  })

  it('name the departments that they show, in order, and include their translations', () => {
    expect(boards.find('overview')!.snapshot()).not.toHaveProperty('departments')
    const { departments, translations } = open(['west', 'east']).find('overview')!.snapshot()
    expect(departments).toEqual(['east', 'west'])
    expect(translations).toEqual({ seen: { en: 'west,east' } })
  })

  it('are confirmed by heartbeats, with how long each source has been silent', () => {
    const { epoch } = boards.find('overview')!.snapshot()
    const audience = boards.audience(openPrivacy)
    const heartbeat = { protocol: protocolVersion, board: 'overview', epoch, version: 1, at: beginAt + 1_000 }
    expect(boards.heartbeats(beginAt + 1_000)).toEqual([
      { audience, heartbeat: { ...heartbeat, sources: { erp: 6_000 } } },
    ])
    // The clock may have been set back since the source's last event.
    expect(boards.heartbeats(beginAt - 60_000)[0]?.heartbeat.sources).toEqual({ erp: 0 })
    dataAsOf = beginAt - 3_000
    expect(boards.heartbeats(beginAt)[0]?.heartbeat.dataAsOf).toBe(beginAt - 3_000)
  })

  it('have no heartbeat but a problem when they cannot be built, or when something is wrong with all of them', () => {
    boards.find('overview')!.snapshot()
    const audience = boards.audience(openPrivacy)
    expect(boards.problems()).toEqual([])
    expect(boards.problems('internal')).toEqual([{ audience, board: 'overview', code: 'internal' }])
    processes.clear()
    boards.invalidate()
    clock.advanceTo(beginAt + 250)
    expect(boards.heartbeats(beginAt)).toEqual([])
    expect(boards.problems()).toEqual([{ audience, board: 'overview', code: 'unknown_board' }])
  })

  it('are let go of a minute after the last look, by whomever', () => {
    const first = boards.find('overview')
    clock.advanceTo(beginAt + 59_999)
    boards.closeUnused(() => false)
    expect(boards.find('overview')).toBe(first)
    clock.advanceTo(beginAt + 110_000)
    const asked: string[] = []
    boards.closeUnused((board, audience) => asked.push(board, audience) > 0)
    expect(asked).toEqual(['overview', boards.audience(openPrivacy)])
    clock.advanceTo(beginAt + 169_999)
    boards.closeUnused(() => false)
    expect(boards.audiences()).toHaveLength(1)
    clock.advanceTo(beginAt + 170_000)
    boards.closeUnused(() => false)
    expect(boards.audiences()).toEqual([])
    expect(boards.find('overview')).not.toBe(first)
  })

  it('are computed no more once they are closed', () => {
    boards.find('overview')!.snapshot()
    engine = fedEngine(shipping, [], beginAt)
    boards.invalidate()
    boards.close()
    clock.advanceTo(beginAt + 1_000)
    expect(sent).toEqual([])
  })

  it('hide names from unauthorized viewers, both in rows and in their texts', () => {
    const process = { ...shipping, stages: [{ ...plainStage('picking'), targetMs: hourMs }] }
    const at = beginAt - 2 * hourMs
    engine = engineWithHistories(
      process,
      [
        [
          'SO-1',
          [
            ['stage.entered', at, { stage: 'picking', data: { customer: 'Northwind' } }],
            ['order.assigned', at, { data: { owner: 'Li Ming' } }],
            ['note.added', at, { data: { reason: 'Li Ming waits for Northwind' } }],
          ],
        ],
      ],
      beginAt,
    )
    const open1 = boards.find('overview')!.snapshot()
    expect(open1.overdue.rows['SO-1']).toMatchObject({
      customer: 'Northwind',
      owner: 'Li Ming',
      reason: 'Li Ming waits for Northwind',
      unclaimed: false,
    })
    expect(open1.translations).toMatchObject({ seen: { en: expect.stringContaining('Northwind') as string } })
    const hidden = boards.find('overview', masked)!.snapshot()
    expect(hidden.privacy).toEqual(masked)
    const text = JSON.stringify(hidden)
    expect(text).not.toMatch(/Northwind|Li Ming/)
    const lists = [hidden.overdue, hidden.focus!['picking']!.overdue]
    for (const { total, order, rows } of lists) {
      expect([total, order, rows['SO-1']?.reason]).toEqual([1, ['SO-1'], expect.stringMatching(/^\*\* waits for No/)])
      expect(rows['SO-1']).not.toHaveProperty('owner')
      expect(rows['SO-1']).toMatchObject({ unclaimed: false, limitMs: hourMs, dueAt: beginAt - hourMs })
    }
  })
})

describe('the timer of an engine', () => {
  const looked = (): { times: number[]; timer: EngineTimer } => {
    const times: number[] = []
    return { times, timer: new EngineTimer(engine, clock, () => times.push((clock.now() - beginAt) / hourMs)) }
  }

  it('advances the time at each change that happens without an event', () => {
    const { times, timer } = looked()
    timer.arm()
    clock.advanceTo(beginAt + 10 * hourMs)
    // An order that arrived an hour ago: at risk after 2.4 h, overdue after 3 h, stalled after 5 h.
    expect(times).toEqual([1.4, 2, 4])
    expect(engine.process('default')?.stages[0]?.counts).toMatchObject({ overdue: 1, stalled: 1, atRisk: 0 })
  })

  it('looks no more once it is stopped, and once at a time however often it is armed', () => {
    const { times, timer } = looked()
    timer.arm()
    timer.arm()
    clock.advanceTo(beginAt + 1.5 * hourMs)
    expect(times).toEqual([1.4])
    timer.stop()
    clock.advanceTo(beginAt + 10 * hourMs)
    expect(times).toEqual([1.4])
  })

  it('looks again a second later when something went wrong', () => {
    const [second] = eventLog(['stage.entered', beginAt - hourMs + 1_500, { stage: 'picking', order: 'SO-2' }])
    engine.apply('SO-2', 'default', foldOrder('SO-2', [second], { isTerminal: () => false }), 1, beginAt)
    let failures = 1
    const times: number[] = []
    const timer = new EngineTimer(engine, clock, () => {
      times.push(clock.now() - beginAt)
      if (failures-- > 0) throw new Error('the boards cannot be told')
    })
    timer.arm()
    expect(() => clock.advanceTo(beginAt + 1.4 * hourMs)).toThrow('the boards cannot be told')
    clock.advanceTo(beginAt + 2 * hourMs)
    // The second order is at risk one and a half seconds after the first one.
    expect(times).toEqual([1.4 * hourMs, 1.4 * hourMs + 1_500, 2 * hourMs])
  })
})

describe('an engine that is full', () => {
  const at = (order: number) => beginAt - (order + 1) * hourMs
  /** Four ended orders in an engine that may keep one. */
  const fullEngine = (): LiveEngine => {
    const full = new LiveEngine('Asia/Shanghai', 1)
    full.setProcess([{ definition: shipping }], beginAt)
    for (let order = 0; order < 4; order++) {
      const events = eventLog(['stage.entered', at(order), { stage: 'picking' }], ['order.completed', at(order)])
      const log = events.map((event) => ({ ...event, order: `SO-${order}` }))
      const rules = { defaultProcess: 'default', rulesOf: () => ({ isTerminal: () => false }) }
      const { process, state, eventCount } = foldAgain(`SO-${order}`, log, rules)
      full.apply(`SO-${order}`, process, state, eventCount, beginAt)
    }
    return full
  }

  it('evicts its oldest visits, one run at a time', async () => {
    const full = fullEngine()
    const forget = vi.spyOn(full, 'evictOldest')
    const memory = new MemoryLimit(full, (error) => expect.fail(String(error)))
    expect(full.isFull).toBe(true)
    memory.keep()
    memory.keep()
    expect(forget).toHaveBeenCalledOnce()
    await vi.waitFor(() => expect(full.isFull).toBe(false))
    memory.keep()
    expect(forget).toHaveBeenCalledOnce()
  })

  it('reports the error and retries', async () => {
    const full = fullEngine()
    const forget = vi.spyOn(full, 'evictOldest').mockImplementationOnce(function* () {
      yield
      throw new Error('broken')
    })
    const errors: unknown[] = []
    const memory = new MemoryLimit(full, (error) => errors.push(error))
    memory.keep()
    await vi.waitFor(() => expect(errors).toEqual([new Error('broken')]))
    await Promise.resolve()
    memory.keep()
    expect(forget).toHaveBeenCalledTimes(2)
    await vi.waitFor(() => expect(full.isFull).toBe(false))
  })
})
