import { describe, expect, test } from 'vitest'
import { eventLineReader, eventLineRows } from './event-line.ts'

const event = {
  source: 'wms',
  id: 'e1',
  type: 'stage.completed',
  order: 'SO-1',
  stage: 'packing',
  occurredAt: '2026-11-03T08:05:00.000Z',
}

const recordOf = (line: string) => ({ row: 7, line: 8, cells: [line] })

function rowOf(said: object) {
  const outcome = eventLineRows().read(recordOf(JSON.stringify({ ...event, ...said })))
  return outcome.ok ? outcome.value : outcome.rejection
}

test('a line is an event as it would be sent', () => {
  const data = { promisedAt: '2026-11-09T00:00:00.000Z', batch: [1] }
  const line = JSON.stringify({ ...event, actor: 'ann', sequence: 5, data })
  expect(eventLineReader().read(recordOf(line))).toEqual({
    ok: true,
    value: { ...event, actor: 'ann', sequence: 5, data },
  })
  const plain = eventLineReader().read(recordOf(JSON.stringify({ ...event, type: 'order.placed', stage: undefined })))
  expect(plain).toEqual({
    ok: true,
    value: { ...event, type: 'order.placed', stage: undefined, actor: undefined, sequence: undefined, data: {} },
  })
})

test('a time in the future is for the server to judge', () => {
  expect(rowOf({ occurredAt: '2999-01-01T00:00:00Z' })).toMatchObject({ occurredAt: Date.UTC(2999, 0, 1) })
})

describe('a line is rejected', () => {
  const rejection = (line: string) => {
    const outcome = eventLineReader().read(recordOf(line))
    return outcome.ok ? undefined : outcome.rejection
  }

  test('that is no JSON', () => {
    for (const line of ['', '{"source":', 'x'])
      expect(rejection(line)).toEqual({
        code: 'bad_request',
        field: '',
        message: 'the line is not JSON; each line must be one complete event',
      })
  })

  test('that is no event, with the field', () => {
    expect(rejection('[]')).toEqual({ code: 'invalid_field', field: '', message: 'an event must be an object' })
    expect(rejection(JSON.stringify({ ...event, stage: 5 }))).toMatchObject({ code: 'invalid_field', field: 'stage' })
    expect(rejection(JSON.stringify({ ...event, order: '' }))).toMatchObject({ code: 'missing_field', field: 'order' })
  })

  test('that the table rejects', () => {
    const problem = { code: 'too_large', field: '', message: 'the line is too long' } as const
    const outcome = eventLineReader().read({ ...recordOf(JSON.stringify(event)), problem })
    expect(outcome).toEqual({ ok: false, rejection: problem })
  })
})

test('a line is a row with what is learned from a file', () => {
  expect(rowOf({})).toEqual({
    row: 7,
    type: 'stage.completed',
    order: 'SO-1',
    stage: 'packing',
    occurredAt: Date.UTC(2026, 10, 3, 8, 5),
    eventId: 'e1',
    startIgnored: false,
  })
  const data = {
    concurrent: true,
    abandoned: true,
    enteredAt: '2026-11-03T06:00:00Z',
    startedAt: '2026-11-03T07:00:00Z',
    instance: '7',
    customer: 'ACME',
    customerClass: 'A',
    product: 'Bolt',
    waybill: 'SF1',
    department: 'QA',
  }
  expect(rowOf({ actor: 'ann', data })).toMatchObject({
    ...data,
    actor: 'ann',
    enteredAt: Date.UTC(2026, 10, 3, 6),
    startedAt: Date.UTC(2026, 10, 3, 7),
  })
})

test('what its type does not know is not learned from a line', () => {
  const note = {
    type: 'note.added',
    data: { concurrent: 'yes', abandoned: 1, enteredAt: 'x', startedAt: 'y', customer: 5 },
  }
  const row = rowOf(note)
  expect(row).toMatchObject({ startedAt: undefined, customer: undefined })
  for (const field of ['concurrent', 'abandoned', 'enteredAt']) expect(row).not.toHaveProperty(field)
  expect(rowOf({ data: { concurrent: false, abandoned: false } })).not.toHaveProperty('concurrent')
})

test('fields have the names of events', () => {
  expect([eventLineRows().columnOf('data.customer'), eventLineRows().columns]).toEqual([
    'data.customer',
    { event: { index: 0, header: 'event' } },
  ])
})
