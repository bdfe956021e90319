import { ownSource } from './withdrawals.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import { describe, expect, it } from 'vitest'
import { admit } from './admit-events.ts'
import type { AdmissionRules } from './admit-events.ts'

/** The process `closed` has only one stage. */
const rules: AdmissionRules = {
  defaultProcess: 'closed',
  onlyProcess: undefined,
  isKnown: (process) => process === 'open' || process === 'closed',
  hasStage: (_process, stage) => stage === 'picking',
  takes: (process, stage) => stage === undefined || process === 'open' || stage === 'picking',
}
const onlyClosed = { ...rules, onlyProcess: 'closed' }
const [entered, strange, placed] = eventLog(
  ['stage.entered', 0, { stage: 'picking' }],
  ['stage.entered', 0, { stage: 'teleport' }],
  ['order.placed', 0, { data: { process: 'returns' } }],
)

describe('an event', () => {
  it('is refused with a stage that the process does not have which it names', () => {
    expect(admit({ ...strange, data: { process: 'closed' } }, rules)).toMatchObject({ code: 'unknown_stage' })
    expect(admit({ ...strange, data: { process: 'open' } }, rules)).toBeUndefined()
  })

  it('is refused when it names a process that the site does not have', () => {
    expect(admit(placed, rules)).toMatchObject({ code: 'unknown_process', field: 'data.process' })
  })

  it('is refused if its source is the name of the server itself', () => {
    const desk = { ...entered, source: ownSource }
    expect(admit(desk, rules)).toMatchObject({ code: 'invalid_field', field: 'source' })
  })

  it('that names no process is validated when the process of its order is known', () => {
    expect(admit(strange, rules)).toBeUndefined()
  })

  it('is validated at once if there is only one process', () => {
    expect(admit(strange, onlyClosed)).toMatchObject({ code: 'unknown_stage', field: 'stage' })
    expect(admit(entered, onlyClosed)).toBeUndefined()
    expect(admit({ ...placed, data: {} }, onlyClosed)).toBeUndefined()
  })
})
