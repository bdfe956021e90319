import type { ProcessDefinition, StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import { withVersion } from '@stagewatch/shared/domain/process-history.ts'
import type { TargetRule } from '@stagewatch/shared/domain/target-rule.ts'
import { plantCalendar, weekOf } from '@stagewatch/shared/domain/time/testing/plant-calendar.ts'
import * as fc from 'fast-check'
import { SiteCalendars } from '../../rules/site-calendars.ts'

const hourMs = 3_600_000
const limitMs = fc.constantFrom(1, hourMs / 2, hourMs, 2 * hourMs, 5 * hourMs)
const timeOfDay = fc.constantFrom('09:30', '12:00', '16:45')

const limits = {
  targetMs: limitMs,
  warnAtRatio: fc.constantFrom(0, 0.5, 1),
  stallAfterMs: limitMs,
  promiseLeadMs: fc.constantFrom(0, hourMs, 5 * hourMs),
  cutOff: fc.record({ leaveBy: timeOfDay, daysLater: fc.constantFrom(0, 1) }),
}

const targetRule: fc.Arbitrary<TargetRule> = fc.record(
  {
    when: fc.record(
      {
        customer: fc.constant(['Aster']),
        customerClass: fc.constantFrom(['A'], ['B*']),
        department: fc.constant(['east']),
        quantity: fc.constantFrom({ from: 3 }, { below: 6 }),
      },
      { requiredKeys: [] },
    ),
    ...limits,
  },
  { requiredKeys: ['when'] },
)

function stage(code: string): fc.Arbitrary<StageDefinition> {
  const plain = { code: fc.constant(code), name: fc.constant({ zh: code, en: code }), toleranceRatio: fc.constant(0.1) }
  const { warnAtRatio, targetMs } = limits
  const limited = fc.record(
    {
      ...plain,
      ...limits,
      calendar: fc.constantFrom('day', 'night'),
      targets: fc.array(targetRule, { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: ['code', 'name', 'toleranceRatio', 'warnAtRatio'] },
  )
  return fc.oneof(limited, fc.record({ ...plain, warnAtRatio, targetMs }))
}

/**
 * Some of the stages of `arbitraryHistory` and one that no order visits, with all kinds of limits; orders end in
 * `shipped`.
 */
export const arbitraryDefinition: fc.Arbitrary<ProcessDefinition> = fc
  .subarray(['picking', 'packing', 'labelling', 'painting'], { minLength: 2 })
  .chain((codes) => fc.tuple(...codes.map(stage), stage('shipped')))
  .map((stages) => ({
    code: 'default',
    name: { zh: '发货', en: 'Shipping' },
    stages: stages.map((each) => (each.code === 'shipped' ? { ...each, terminal: true as const } : each)),
    acceptsNewStages: true,
    goals: {},
  }))

/** A process of one to three versions. @param instant at which a version may become valid. */
export function arbitraryVersions(instant: fc.Arbitrary<number>): fc.Arbitrary<ProcessHistory> {
  const later = fc.array(fc.record({ validFrom: instant, definition: arbitraryDefinition }), { maxLength: 2 })
  return fc
    .tuple(arbitraryDefinition, later)
    .map(([definition, versions]) => versions.reduce<ProcessHistory>(withVersion, [{ definition }]))
}

const calendars = [
  { ...plantCalendar({ week: weekOf([{ from: '06:00', to: '20:00' }]) }), code: 'day' },
  { ...plantCalendar({ week: weekOf([{ from: '16:00', to: '04:00' }]) }), code: 'night' },
]

const choices = [
  { departments: {} },
  { site: 'day', departments: {} },
  { site: 'night', departments: { east: 'day' } },
  { departments: { east: 'night', west: 'day' } },
]

/**
 * A day shift and a night shift, and the default among them for stages without a calendar. Created once, because
 * compiling a calendar takes long.
 */
export const arbitraryCalendars: fc.Arbitrary<SiteCalendars> = fc.constantFrom(
  ...choices.map((choice) => new SiteCalendars(calendars, choice)),
)
