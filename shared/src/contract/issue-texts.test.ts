import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { fieldReasons } from './field-issue.ts'
import { fieldIssues } from './issue-texts.ts'
import { calendarDefinition } from './calendar.ts'
import { event as eventSchema } from './event.ts'
import { instantText } from './query-parameters.ts'
import { password, setupRequest } from './me.ts'
import { ordersQuery } from './orders.ts'
import { processDefinition } from './process.ts'
import { siteRequest } from './sites.ts'

/** The schema library's own wording. */
const libraryText =
  /invalid (input|option|key|value|element)|too (small|big)|expected|received|unrecognized|pattern \//i

/** At least one case for each kind of issue in the library. */
const cases: Readonly<Record<z.core.$ZodIssue['code'], readonly (readonly [z.ZodType, unknown, object])[]>> = {
  invalid_type: [
    [z.object({ name: z.string() }), {}, { field: 'name', reason: 'missing', message: 'is missing; send it' }],
    [z.object({ name: z.string() }), { name: 1 }, { field: 'name', reason: 'wrong_type', message: 'must be a text' }],
    [z.array(z.int()), [1, 1.5], { field: '1', reason: 'wrong_type', message: 'must be a whole number' }],
    [z.object({ on: z.boolean() }), null, { field: '', reason: 'wrong_type', message: 'must be an object' }],
  ],
  invalid_value: [
    [z.enum(['a', 'b']), 'c', { reason: 'not_offered', options: ['a', 'b'], message: 'must be one of: a, b' }],
    [z.literal(true), false, { reason: 'not_offered', message: 'must be true' }],
  ],
  too_small: [
    [z.string().min(20), 'x', { reason: 'too_short', limit: 20, message: 'must have at least 20 characters' }],
    [z.string().min(1), '', { reason: 'too_short', limit: 1, message: 'must not be empty' }],
    [z.string().length(3), '', { reason: 'wrong_length', limit: 3, message: 'must have exactly 3 characters' }],
    [z.array(z.string()).min(1), [], { reason: 'too_few', limit: 1, message: 'must have at least 1 entry' }],
    [z.array(z.string()).length(2), [], { reason: 'wrong_count', limit: 2, message: 'must have exactly 2 entries' }],
    [z.number().min(5), 4, { reason: 'too_small', limit: 5, message: 'must be at least 5' }],
    [z.number().positive(), 0, { reason: 'too_small', limit: 0, message: 'must be more than 0' }],
  ],
  too_big: [
    [z.string().max(1), 'xx', { reason: 'too_long', limit: 1, message: 'must have at most 1 character' }],
    [
      z.array(z.string()).max(2),
      ['', '', ''],
      { reason: 'too_many', limit: 2, message: 'must have at most 2 entries' },
    ],
    [z.number().max(5), 6, { reason: 'too_large', limit: 5, message: 'must be at most 5' }],
    [z.number().lt(5), 5, { reason: 'too_large', limit: 5, message: 'must be less than 5' }],
  ],
  invalid_format: [
    [z.email(), 'x', { reason: 'not_email', message: 'must be an e-mail address such as li@example.com' }],
    [z.iso.date(), 'x', { reason: 'not_date' }],
    [z.iso.datetime(), 'x', { reason: 'not_time' }],
    [z.url(), 'x', { reason: 'not_url' }],
    [z.string().regex(/^a$/), 'x', { reason: 'wrong_form' }],
    [z.iso.date('must be a day'), 'x', { reason: 'not_date', message: 'must be a day' }],
  ],
  not_multiple_of: [
    [z.number().multipleOf(5), 6, { reason: 'not_multiple', limit: 5, message: 'must be a multiple of 5' }],
  ],
  unrecognized_keys: [
    [
      z.strictObject({}),
      { x: 1, y: 2 },
      { field: 'x, y', reason: 'unknown', message: 'is not known here; leave it out' },
    ],
  ],
  invalid_union: [
    [
      z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })]),
      { kind: 'c' },
      { field: 'kind', reason: 'not_offered', options: ['a', 'b'] },
    ],
    [
      z.union([z.string(), z.object({ name: z.string().min(2) })]),
      { name: '' },
      { field: 'name', reason: 'too_short' },
    ],
  ],
  invalid_key: [[z.record(z.string().min(2), z.number()), { x: 1 }, { reason: 'too_short' }]],
  invalid_element: [[z.map(z.string(), z.number()), new Map([['x', 'y']]), { reason: 'wrong_type' }]],
  custom: [
    [z.string().refine(() => false, 'must be nice'), 'x', { reason: 'wrong', message: 'must be nice' }],
    [z.string().refine(() => false), 'x', { reason: 'wrong', message: 'has a value that is not allowed' }],
  ],
}

describe.each(Object.entries(cases))('%s', (_, rows) => {
  it.each(rows)('%# is told in our own words', (schema, value, told) => {
    const { error } = schema.safeParse(value)
    const issues = fieldIssues(error!)
    expect(issues).toMatchObject([told])
    for (const { message, reason } of issues) {
      expect(message).not.toMatch(libraryText)
      expect(fieldReasons).toContain(reason)
    }
  })
})

it('what several fields have wrong is told of each', () => {
  const { error } = setupRequest.safeParse({ token: 'short', name: '', email: 'x', password: '工'.repeat(60) })
  expect(fieldIssues(error!)).toMatchObject([
    { field: 'token', reason: 'too_short', limit: 20 },
    { field: 'name', reason: 'too_short', limit: 1 },
    { field: 'email', reason: 'not_email' },
    { field: 'password', reason: 'too_long', limit: 128, message: 'must be at most 128 bytes long' },
  ])
})

const name = { zh: '', en: '' }
const shiftsOf = (...shifts: readonly { readonly from: string; readonly to: string }[]) => ({ 1: shifts })
const version = { timeZone: 'UTC', week: shiftsOf({ from: '08:00', to: '16:00' }), holidays: [] }
const calendar = (...versions: readonly object[]) => ({ code: 'day', name, versions })
const holiday = { date: '2026-10-01', working: false }
const process = (...stages: readonly object[]) => ({ code: 'p', name, stages, acceptsNewStages: true, goals: {} })
const stage = { code: 'cut', name, warnAtRatio: 0.8, toleranceRatio: 0.1 }
const pathed = (...paths: readonly object[]) => ({ ...process(stage, { ...stage, code: 'sew' }), paths })
const lateCutOff = { enterBy: '16:00', leaveBy: '14:00' }
const target = { targetMs: 1, when: { quantity: { from: 2, below: 1 } } }
const event = { source: 'wms', id: 'e', type: 'note.added', order: 'SO-1', occurredAt: '2026-11-22T08:15:00Z' }

it.each([
  [processDefinition, process(stage, stage), 'stages', 'twice'],
  [processDefinition, pathed({ from: 'cut', to: 'glue' }), 'paths.0.to', 'unknown'],
  [processDefinition, pathed({ from: 'pack', to: 'cut' }), 'paths.0.from', 'unknown'],
  [processDefinition, pathed({ from: 'cut', to: 'cut' }), 'paths.0', 'mismatch'],
  [processDefinition, pathed({ from: 'cut', to: 'sew', maxTimes: 2 }), 'paths.0.maxTimes', 'not_offered'],
  [processDefinition, pathed({ from: 'sew', to: 'cut' }, { from: 'sew', to: 'cut' }), 'paths.1', 'twice'],
  [processDefinition, process({ ...stage, cutOff: { leaveBy: '24:00' } }), 'stages.0.cutOff.leaveBy', 'wrong_form'],
  [processDefinition, process({ ...stage, cutOff: lateCutOff }), 'stages.0.cutOff', 'out_of_order'],
  [processDefinition, process({ ...stage, targets: [target] }), 'stages.0.targets.0.when.quantity', 'empty_range'],
  [calendarDefinition, calendar({ ...version, timeZone: '+08:00' }), 'versions.0.timeZone', 'not_zone'],
  [calendarDefinition, calendar({ ...version, week: {} }), 'versions.0.week', 'no_shift'],
  [
    calendarDefinition,
    calendar({ ...version, week: shiftsOf({ from: '08:00', to: '16:00' }, { from: '15:00', to: '17:00' }) }),
    'versions.0.week.1.1',
    'overlaps',
  ],
  [calendarDefinition, calendar({ ...version, holidays: [holiday, holiday] }), 'versions.0.holidays.1.date', 'twice'],
  [
    calendarDefinition,
    calendar({ ...version, holidays: [{ ...holiday, as: 7 }] }),
    'versions.0.holidays.0.as',
    'no_shift',
  ],
  [calendarDefinition, calendar({ ...version, validFrom: '2026-10-01' }), 'versions.0.validFrom', 'out_of_order'],
  [calendarDefinition, calendar(version, version), 'versions.1.validFrom', 'out_of_order'],
  [instantText, 'yesterday', '', 'not_time'],
  [eventSchema, { ...event, occurredAt: 'yesterday' }, 'occurredAt', 'not_time'],
  [eventSchema, { ...event, order: ' ' }, 'order', 'too_short'],
  [eventSchema, { ...event, order: 'a\u0000b' }, 'order', 'invisible_text'],
  [ordersQuery, { limit: 'many' }, 'limit', 'wrong_form'],
  [siteRequest, { code: 'west', name, timeZone: 'Nowhere' }, 'timeZone', 'not_zone'],
  [password, '密'.repeat(60), '', 'too_long'],
] as const)('a check of our own names what is wrong: %#', (schema, value, field, reason) => {
  const found = fieldIssues((schema as z.ZodType).safeParse(value).error!)
  expect(found.map((issue) => [issue.field, issue.reason])).toContainEqual([field, reason])
})
