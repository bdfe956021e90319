import type { Wait } from '@stagewatch/shared/domain/stage-visit.ts'
import { PgDialect } from 'drizzle-orm/pg-core'
import { expect, expectTypeOf, it } from 'vitest'
import { copyColumns } from './copy-columns.ts'
import type { CopyRow } from './copy-reader.ts'
import { jobs } from './reactions-schema.ts'
import { visits } from './schema.ts'
import { insertRows, writeColumns } from './write-columns.ts'

interface Row {
  readonly stage: string
  readonly nth: number
  readonly leftAt: number | undefined
  readonly waits: readonly Wait[] | undefined
}

const columns = writeColumns<typeof visits, Row>({
  table: visits,
  sources: {
    stage: (row) => row.stage,
    nth: (row) => row.nth,
    leftAt: (row) => row.leftAt,
    waits: (row) => row.waits,
  },
  compared: [{ name: 'saved_nth', type: 'integer', of: (row) => row.nth - 1 }],
  firstParameter: 2,
})

it('names, values and parameters of a statement come in one order', () => {
  expect(columns.names).toBe('stage, nth, left_at, waits')
  expect(columns.values).toBe('t.stage, t.nth, to_timestamp(t.left_at / 1000.0), t.waits::jsonb')
  expect(columns.assignments(['stage'])).toBe(
    'nth = t.nth, left_at = to_timestamp(t.left_at / 1000.0), waits = t.waits::jsonb',
  )
  expect(columns.rows).toBe(
    'unnest($2::text[], $3::integer[], $4::float8[], $5::text[], $6::integer[]) as t(stage, nth, left_at, waits, saved_nth)',
  )
  const open = { stage: 'pick', nth: 1, leftAt: undefined, waits: undefined }
  const left = { stage: 'pack', nth: 2, leftAt: 5, waits: [{ at: 1, cause: 'material' } as const] }
  expect(columns.parameters([open, left])).toEqual([
    ['pick', 'pack'],
    [1, 2],
    [null, 5],
    [null, '[{"at":1,"cause":"material"}]'],
    [0, 1],
  ])
})

it('a column that no row has a value for is sent as an empty array', () => {
  const rows = ['pick', 'pack'].map((stage) => ({ stage, nth: 1, leftAt: undefined, waits: undefined }))
  expect(columns.parameters(rows)).toEqual([['pick', 'pack'], [1, 1], [], [], [0, 0]])
})

it('a value that belongs into another column does not compile', () => {
  const base = { table: visits, firstParameter: 1 }
  // @ts-expect-error A number is not a stage, and a text is not a count.
  writeColumns<typeof visits, Row>({ ...base, sources: { stage: (row) => row.nth, nth: (row) => row.stage } })
  // @ts-expect-error The column is not nullable.
  writeColumns<typeof visits, Row>({ ...base, sources: { enteredAt: (row) => row.leftAt } })
  // @ts-expect-error There is no such column.
  writeColumns<typeof visits, Row>({ ...base, sources: { colour: (row) => row.stage } })
  // @ts-expect-error A text is not an instant.
  insertRows(jobs, [{ runAt: 'now' }], { runAt: (row) => row.runAt })
})

it('a statement for drizzle has them in the same order', () => {
  const rows = [
    { key: 'a', runAt: 1 },
    { key: 'b', runAt: 2 },
  ]
  const statement = insertRows(jobs, rows, { key: ({ key }) => key, runAt: ({ runAt }) => runAt })
  const { sql: text, params } = new PgDialect().sqlToQuery(statement)
  expect(text).toBe(
    'insert into "jobs" (key, run_at) select t.key, to_timestamp(t.run_at / 1000.0) from unnest($1::text[], $2::float8[]) as t(key, run_at)',
  )
  expect(params).toEqual([
    ['a', 'b'],
    [1, 2],
  ])
})

it('reading a column as a different type does not compile', () => {
  const copied = copyColumns(visits, ['nth', 'stage', 'leftAt', 'waits', 'heldMs', 'cancelled'])
  const { at, count } = copied
  expect(copied.select('v')).toBe('v.nth, v.stage, v.left_at, v.waits, v.held_ms, v.cancelled')
  expect([count, at.nth, at.stage, at.cancelled]).toEqual([6, 0, 1, 5])
  const read = (row: CopyRow) => [
    row.integer(at.nth),
    row.text(at.stage),
    // @ts-expect-error The stage is a text.
    row.integer(at.stage),
    // @ts-expect-error The number of the visit is not a text.
    row.text(at.nth),
    // @ts-expect-error Eight bytes are read differently than four.
    row.integer(at.heldMs),
    // @ts-expect-error An instant is not a plain number.
    row.bigint(at.leftAt),
    // @ts-expect-error Indexes must come from `copyColumns`.
    row.text(1),
    // @ts-expect-error The COPY does not select it.
    row.text(at.owner),
  ]
  expectTypeOf(read).returns.toEqualTypeOf<(string | number)[]>()
})
