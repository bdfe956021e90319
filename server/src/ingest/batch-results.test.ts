import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import { describe, expect, it } from 'vitest'
import { answerOf, conflict, rejectedOf, releasedOf } from './batch-results.ts'
import { toResults, withArchived, withRejections, withRestored } from './batch-results.ts'
import type { EventOutcome, ValidatedItem } from './batch-results.ts'
import type { Rejection } from './parse/validation.ts'

const [placed, entered, released] = eventLog(['order.placed', 0], ['stage.entered', 1], ['stage.completed', 2])
const rejection: Rejection = { code: 'unknown_stage', field: 'stage', message: 'no such stage' }
const sent = (event: typeof placed, index: number, quarantineId?: number): ValidatedItem => ({
  index,
  ok: true,
  event,
  raw: `raw ${event.id}`,
  contentHash: event.id,
  ...(quarantineId !== undefined && { quarantineId }),
})
const unreadable: ValidatedItem = { index: 1, ok: false, rejection, raw: 'unreadable' }
const judged = [[sent(placed, 0), unreadable, sent(entered, 2)], [sent(released, 0, 7)]]
const identity = ({ source, id }: typeof placed) => eventIdentity(source, id)
const statuses = (outcomes: readonly (readonly EventOutcome[])[]) =>
  outcomes.map((items) => items.map(({ status }) => status))

describe('the outcomes of requests', () => {
  it('go to the items in order, past those that were refused before they reached the log', () => {
    expect(toResults(judged, ['accepted', 'duplicate', 'restated'])).toEqual([
      [
        { index: 0, status: 'accepted', event: placed },
        { index: 1, status: 'rejected', rejection, raw: 'unreadable' },
        { index: 2, status: 'duplicate' },
      ],
      [{ index: 0, quarantineId: 7, status: 'duplicate', restated: true }],
    ])
    expect(toResults(judged, ['conflict', 'accepted', 'accepted'])[0]?.[0]).toEqual({
      index: 0,
      status: 'rejected',
      rejection: conflict,
      raw: 'raw e1',
      event: placed,
    })
  })

  const accepted = toResults(judged, ['accepted', 'accepted', 'duplicate'])

  it('become rejections where the process of the order turned out not to take an accepted event', () => {
    const rejected = new Map([identity(entered), identity(released)].map((one) => [one, rejection]))
    const outcomes = withRejections(accepted, judged, rejected)
    expect(statuses(outcomes)).toEqual([['accepted', 'rejected', 'rejected'], ['duplicate']])
    expect(outcomes[0]?.[2]).toEqual({ index: 2, status: 'rejected', rejection, raw: 'raw e2', event: entered })
    expect(withRejections(accepted, judged, new Map())).toEqual(accepted)
  })

  it('become duplicates or rejections where the orders of accepted events are archived', () => {
    const outcomes = withArchived(
      accepted,
      judged,
      new Map([
        [identity(placed), { status: 'duplicate', restated: true } as const],
        [identity(entered), { rejection }],
        [identity(released), { rejection }],
      ]),
    )
    expect(outcomes).toMatchObject([
      [{ index: 0, status: 'duplicate', restated: true }, { status: 'rejected' }, { raw: 'raw e2', event: entered }],
      [{ status: 'duplicate' }],
    ])
    expect(outcomes[0]?.[0]).not.toHaveProperty('event')
    expect(withArchived(accepted, judged, new Map())).toEqual(accepted)
  })

  it('become accepted where the event of a duplicate counts again', () => {
    const restored = new Set([identity(released), identity(placed), identity(entered)])
    const outcomes = withRestored(accepted, judged, restored)
    expect(statuses(outcomes)).toEqual([['accepted', 'rejected', 'accepted'], ['accepted']])
    expect(outcomes[1]?.[0]).toMatchObject({ quarantineId: 7, event: released })
    expect(statuses(withRestored(accepted, judged, new Set(['other'])))).toEqual(statuses(accepted))
    expect(withRestored(accepted, judged, new Set())).toEqual(accepted)
  })
})

it('an answer counts the events by outcome, and says why they were rejected', () => {
  const [items = []] = toResults(
    [[sent(placed, 0), unreadable, sent(entered, 2), sent(released, 3)]],
    ['accepted', 'restated', 'duplicate'],
  )
  expect(answerOf(items, '12')).toEqual({
    accepted: 1,
    duplicate: 2,
    rejected: 1,
    results: [
      { index: 0, status: 'accepted' },
      { index: 1, status: 'rejected', ...rejection },
      { index: 2, status: 'duplicate', restated: true },
      { index: 3, status: 'duplicate' },
    ],
    position: '12',
  })
})

describe('quarantine', () => {
  const retried = (index: number, quarantineId: number, item: object) => ({ index, quarantineId, ...item }) as const
  const refusal = { status: 'rejected', rejection, raw: 'raw e1', event: placed } as const

  it('keeps what was rejected with its sender, but not a second time what was tried again', () => {
    const outcomes: EventOutcome[][] = [
      [
        { index: 0, ...refusal },
        { index: 1, status: 'duplicate' },
        { ...retried(2, 5, {}), ...refusal },
      ],
    ]
    expect(rejectedOf([{ sender: 'wms' }, { sender: 'erp' }], outcomes)).toEqual([
      { sender: 'wms', ...rejection, raw: 'raw e1', event: placed },
    ])
  })

  it('gives back what is in the log when it was tried again', () => {
    const outcomes: EventOutcome[][] = [
      [
        { ...retried(0, 5, {}), ...refusal },
        { index: 1, status: 'duplicate' },
      ],
      [
        { index: 0, quarantineId: 6, status: 'duplicate' },
        { index: 1, quarantineId: 8, status: 'accepted', event: entered },
      ],
    ]
    expect(releasedOf(outcomes)).toEqual([6, 8])
  })
})
