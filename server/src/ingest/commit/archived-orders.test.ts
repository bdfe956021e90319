import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import { describe, expect, it } from 'vitest'
import { conflict, toResults } from '../batch-results.ts'
import type { ValidatedItem } from '../batch-results.ts'
import { archivedOutcomes } from './archived-orders.ts'

const [placed, entered, elsewhere] = eventLog(
  ['order.placed', 0],
  ['stage.entered', 1],
  ['stage.entered', 2, { order: 'SO-2' }],
)
const identity = ({ source, id }: typeof placed) => eventIdentity(source, id)

describe('an event that the log has accepted', () => {
  const archivedRow = { order: 'SO-1', eventCount: 3, process: 'default', archiveId: 7 }
  const openRow = { ...archivedRow, order: 'SO-2', archiveId: null }
  const saved = new Map([archivedRow, openRow].map((row) => [row.order, row]))

  /** @param archived content of archived events, by identity. */
  function outcomesOf(archived: Readonly<Record<string, string>>, imported = false) {
    const items = [placed, entered, elsewhere].map((event, index): ValidatedItem => ({
      index,
      ok: true,
      raw: '',
      event,
      contentHash: event.id,
      imported,
    }))
    const outcomes = toResults([items], ['accepted', 'accepted', 'accepted'])
    const found = archivedOutcomes(outcomes, [items], new Map(Object.entries(archived)), saved)
    return [placed, entered, elsewhere].map((event) => found.get(identity(event)))
  }

  it('is taken back when the events of its order are archived', () => {
    const outOfReach = { rejection: expect.objectContaining({ code: 'order_archived', field: 'order' }) }
    expect(outcomesOf({})).toEqual([outOfReach, outOfReach, undefined])
  })

  it('is a duplicate of an archived one with the same content, and conflicts with one of another content', () => {
    const archived = { [identity(placed)]: 'e1', [identity(entered)]: 'other', [identity(elsewhere)]: 'other' }
    expect(outcomesOf(archived)).toEqual([{ status: 'duplicate' }, { rejection: conflict }, { rejection: conflict }])
  })

  it('has other facts than an archived one when it comes from an import and its order is archived', () => {
    const archived = { [identity(placed)]: 'e1', [identity(entered)]: 'other', [identity(elsewhere)]: 'other' }
    expect(outcomesOf(archived, true)).toEqual([
      { status: 'duplicate' },
      { status: 'duplicate', restated: true },
      { rejection: conflict },
    ])
  })

  it('and that was known before stays what it was', () => {
    const item: ValidatedItem = { index: 0, ok: true, raw: '', event: placed, contentHash: 'e1' }
    expect(archivedOutcomes(toResults([[item]], ['duplicate']), [[item]], new Map(), saved).size).toBe(0)
  })
})
