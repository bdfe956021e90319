import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { hasEnded } from '@stagewatch/shared/domain/stage-visit.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import type { HistoryEntry } from '@stagewatch/shared/domain/testing/event-log.ts'
import { visitTimes } from '@stagewatch/shared/domain/visit-times.ts'
import { expect, it } from 'vitest'
import { LiveEngine } from './live-engine.ts'
import { partsOf } from './visit-parts.ts'

const hour = 3_600_000
const start = Date.parse('2026-11-23T08:00:00Z')
const at = (hours: number): number => start + hours * hour

const histories: Readonly<Record<string, readonly HistoryEntry[]>> = {
  started: [
    ['stage.entered', at(0), { stage: 'pack' }],
    ['stage.started', at(3), { stage: 'pack' }],
    ['stage.completed', at(5), { stage: 'pack' }],
  ],
  'started at once': [
    ['stage.started', at(0), { stage: 'pack' }],
    ['stage.completed', at(5), { stage: 'pack' }],
  ],
  held: [
    ['stage.entered', at(0), { stage: 'pack' }],
    ['order.held', at(1), { data: { waitingFor: 'material' } }],
    ['order.resumed', at(3)],
    ['stage.started', at(4), { stage: 'pack' }],
    ['stage.completed', at(7), { stage: 'pack' }],
  ],
}

function read(history: readonly HistoryEntry[]) {
  const order = foldOrder('SO-1', eventLog(...history), { isTerminal: () => false })
  const visit = order?.visits.find(hasEnded)
  if (order === undefined || visit === undefined) throw new Error('no visit has ended')
  const sla = new LiveEngine('UTC').rules.slaOf('default', visit, order.attributes)
  return { visit, parts: partsOf(order, visit, sla), times: visitTimes(visit, order, sla, at(100)) }
}

for (const [name, history] of Object.entries(histories)) {
  it(`says the same as the page of the order: ${name}`, () => {
    const { visit, parts, times } = read(history)
    const { waiting, held, causes } = times
    expect(parts).toEqual({ isStarted: visit.startedAt !== undefined, waiting, held, causes })
  })
}

it('says nothing of a visit about which nothing was reported', () => {
  const { parts, times } = read([
    ['stage.entered', at(0), { stage: 'pack' }],
    ['stage.completed', at(7), { stage: 'pack' }],
  ])
  expect([parts, times.unsaid]).toEqual([undefined, times.total])
})
