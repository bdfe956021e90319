import { LiveEngine } from '@stagewatch/server/engine/live-engine.ts'
import { SiteCalendars } from '@stagewatch/server/rules/site-calendars.ts'
import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { ProcessDefinition, StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import type { CalendarDefinition, WorkingWeek } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import { seededRandom } from '../seeded-random.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
export const visitsPerOrder = 5
/** Unless more are requested, one in this many orders is still open. */
const someOpen = 20
/** One in this many orders was on hold once, and another one has changed its priority since its first stages. */
const heldEvery = 15
const changedEvery = 25
export const now = Date.UTC(2026, 10, 27, 8)

/** @param limits limits of each stage; all stages have a target of one day. */
export function filledProcess(limits: Partial<StageDefinition> = {}): ProcessDefinition {
  const stages = Array.from({ length: visitsPerOrder }, (_, n) => `stage-${n}`)
  return {
    code: 'default',
    name: { zh: '订单', en: 'Orders' },
    stages: stages.map((code) => ({ ...plainStage(code), targetMs: dayMs, ...limits })),
    acceptsNewStages: false,
    goals: {},
  }
}

/** Orders of 30 days with two calendars: most have ended, and each has spent some hours in every stage. */
export function filledEngine(orders: number, { openEvery = someOpen } = {}): LiveEngine {
  const engine = new LiveEngine('Asia/Shanghai')
  const calendars = [calendar('day', '08:00', '20:00'), calendar('night', '20:00', '08:00')]
  engine.setCalendars(new SiteCalendars(calendars, { site: 'day', departments: { 'D-0': 'night' } }))
  engine.setProcess([{ definition: filledProcess() }], now)
  const random = seededRandom(20_261_127)
  for (let i = 0; i < orders; i++)
    engine.apply(`SO-${i}`, 'default', someOrder(i, random, openEvery), 2 * visitsPerOrder, now)
  return engine
}

function someOrder(i: number, random: () => number, openEvery: number): FoldedOrder {
  const isOpen = i % openEvery === 0
  const endsAt = isOpen ? now : Math.floor(now - random() * 24 * dayMs)
  const visits: StageVisit[] = []
  let leftAt = endsAt
  for (let n = visitsPerOrder - 1; n >= 0; n--) {
    const enteredAt = Math.floor(leftAt - (0.5 + random() * 20) * hourMs)
    const isLast = n === visitsPerOrder - 1
    visits.unshift({
      stage: `stage-${n}`,
      nth: 1,
      enteredAt,
      heldMs: 0,
      ...(!(isOpen && isLast) && { leftAt }),
      ...(i % changedEvery === 0 && n < 2 && { attributes: { department: `D-${i % 5}`, priority: 'low' } }),
    })
    leftAt = enteredAt
  }
  const promisedAt = leftAt + (2 + (i % 3)) * dayMs
  return {
    order: `SO-${i}`,
    status: isOpen ? 'open' : 'completed',
    attributes: {
      customer: `C-${i % 300}`,
      department: `D-${i % 5}`,
      priority: i % 7 === 0 ? 'high' : 'low',
      promisedAt,
    },
    visits,
    placedAt: leftAt,
    firstAt: leftAt,
    ...(!isOpen && { endedAt: endsAt }),
    reopenedCount: 0,
    lastProgressAt: leftAt,
    holds: i % heldEvery === 0 ? [{ from: leftAt + hourMs, to: leftAt + 2 * hourMs }] : [],
    complaintCount: 0,
    lastEventAt: endsAt,
  }
}

function calendar(code: string, from: string, to: string): CalendarDefinition {
  const day = [{ from, to }]
  const week: WorkingWeek = { 1: day, 2: day, 3: day, 4: day, 5: day, 6: day }
  return { code, name: { zh: code, en: code }, versions: [{ timeZone: 'Asia/Shanghai', week, holidays: [] }] }
}
