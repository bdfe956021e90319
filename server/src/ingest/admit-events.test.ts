import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import { describe, expect, it } from 'vitest'
import { admit } from './admit-events.ts'
import { orderProcesses } from './order-processes.ts'

/** `closed` has but one stage. */
const rules = {
  isKnown: (process: string) => process === 'open' || process === 'closed',
  hasStage: (process: string, stage: string) => process === 'open' || stage === 'picking',
}
const [entered, strange, placed] = eventLog(
  ['stage.entered', 0, { stage: 'picking' }],
  ['stage.entered', 0, { stage: 'teleport' }],
  ['order.placed', 0, { data: { process: 'returns' } }],
)

describe('an event', () => {
  it('is admitted when its process knows its stage', () => {
    expect(admit(entered, 'closed', rules)).toBeUndefined()
    expect(admit(strange, 'open', rules)).toBeUndefined()
  })

  it('is refused with a stage that its process does not know', () => {
    expect(admit(strange, 'closed', rules)).toMatchObject({ code: 'unknown_stage', field: 'stage' })
  })

  it('is refused when it names a process that the site does not have', () => {
    expect(admit(placed, 'returns', rules)).toMatchObject({ code: 'unknown_process', field: 'data.process' })
  })

  it('without a stage needs no process that knows it', () => {
    expect(admit({ ...placed, data: {} }, 'closed', rules)).toBeUndefined()
  })
})

describe('the process of an order', () => {
  const processesOf = (...events: OrderEvent[]) => {
    const items = events.map((event, index) => ({ index, ok: true as const, event, raw: event }))
    return orderProcesses(items, (order) => (order === 'SO-known' ? 'closed' : undefined), 'default', rules.isKnown)
  }
  const inOpen = { ...placed, data: { process: 'open' } }

  it('is what the event says', () => {
    expect(processesOf(inOpen)(inOpen)).toBe('open')
  })

  it('is what another event of the same request says, before what is known', () => {
    expect(processesOf(inOpen, entered)(entered)).toBe('open')
    const known = { ...entered, order: 'SO-known' }
    expect(processesOf({ ...inOpen, order: 'SO-known' }, known)(known)).toBe('open')
    expect(processesOf(inOpen, known)(known)).toBe('closed')
  })

  it('is not what another event says that will be refused for it', () => {
    expect(processesOf(placed, entered)(entered)).toBe('default')
  })
})
