import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loosenedLimits } from './loosened-limits.ts'
import { plainStage } from './process-definition.ts'
import type { ProcessDefinition, StageDefinition } from './process-definition.ts'
import type { TargetRule } from './target-rule.ts'
import { calendarOf } from './time/calendar-of.ts'
import { plantCalendar } from './time/testing/plant-calendar.ts'
import { visitSla } from './visit-sla.ts'

const hour = 3_600_000
const process = (...stages: readonly StageDefinition[]): ProcessDefinition => ({
  code: 'p',
  name: { zh: '流程', en: 'Process' },
  stages,
  acceptsNewStages: false,
  goals: {},
})
const cut = (limits: Partial<StageDefinition>) => ({ ...plainStage('cut'), ...limits })

/** Names of the limits that the change loosens; a question mark means possibly. */
function loosened(before: Partial<StageDefinition>, after: Partial<StageDefinition>): string[] {
  return loosenedLimits(process(cut(before)), process(cut(after))).map(({ limit, rule, isCertain }) => {
    const of = rule === undefined ? '' : `${rule.of}[${rule.index}].`
    return `${of}${limit}${isCertain ? '' : '?'}`
  })
}

describe('limits that a draft makes looser', () => {
  it.each<[string, Partial<StageDefinition>, Partial<StageDefinition>, string[]]>([
    ['a longer target', { targetMs: 6 }, { targetMs: 8 }, ['targetMs']],
    ['a shorter target', { targetMs: 8 }, { targetMs: 6 }, []],
    ['a target that is gone', { targetMs: 8 }, {}, ['targetMs']],
    ['a target that is new', {}, { targetMs: 8 }, []],
    ['a later warning', { warnAtRatio: 0.8 }, { warnAtRatio: 0.9 }, ['warnAtRatio']],
    ['an earlier warning', { warnAtRatio: 0.8 }, { warnAtRatio: 0.7 }, []],
    ['a later stall', { stallAfterMs: 5 }, { stallAfterMs: 6 }, ['stallAfterMs']],
    ['no stall', { stallAfterMs: 5 }, {}, ['stallAfterMs']],
    ['a higher tolerance', { toleranceRatio: 0.1 }, { toleranceRatio: 0.12 }, ['toleranceRatio']],
    ['a shorter promise lead', { promiseLeadMs: 5 }, { promiseLeadMs: 4 }, ['promiseLeadMs']],
    ['a promise that counts no more', { promiseLeadMs: 0 }, {}, ['promiseLeadMs']],
    ['another calendar', { calendar: 'day' }, { calendar: 'night' }, ['calendar?']],
    ['a later cut-off', { cutOff: { leaveBy: '15:00' } }, { cutOff: { leaveBy: '16:00' } }, ['cutOff']],
    [
      'a cut-off a day later',
      { cutOff: { leaveBy: '15:00' } },
      { cutOff: { leaveBy: '09:00', daysLater: 1 } },
      ['cutOff'],
    ],
    [
      'a cut-off that fewer are in time for',
      { cutOff: { enterBy: '14:00', leaveBy: '15:00' } },
      { cutOff: { enterBy: '13:00', leaveBy: '15:00' } },
      ['cutOff'],
    ],
    [
      'a cut-off that more are in time for',
      { cutOff: { enterBy: '13:00', leaveBy: '15:00' } },
      { cutOff: { enterBy: '14:00', leaveBy: '15:00' } },
      [],
    ],
    ['no cut-off', { cutOff: { leaveBy: '15:00' } }, {}, ['cutOff']],
  ])('%s', (_, before, after, expected) => {
    expect(loosened(before, after)).toEqual(expected)
  })

  it('are those of a stage that it no longer has, and none of one that is new', () => {
    const [pack, sew] = [
      { ...plainStage('pack'), targetMs: 5, stallAfterMs: 7 },
      { ...plainStage('sew'), targetMs: 1 },
    ]
    expect(loosenedLimits(process(pack), process(sew))).toEqual([
      { stage: 'pack', limit: 'targetMs', isCertain: true },
      { stage: 'pack', limit: 'stallAfterMs', isCertain: true },
    ])
  })

  const a: TargetRule = { when: { customerClass: ['A'] }, targetMs: 2 }
  const urgent: TargetRule = { when: { priority: ['urgent'] }, targetMs: 4 }
  const rules = (...targets: readonly TargetRule[]) => ({ targetMs: 6, targets })

  it.each<[string, Partial<StageDefinition>, Partial<StageDefinition>, string[]]>([
    ['none where nothing changes', rules(a, urgent), rules(a, urgent), []],
    ['a longer rule', rules(a), rules({ ...a, targetMs: 3 }), ['draft[0].targetMs']],
    ['a shorter rule', rules(a), rules({ ...a, targetMs: 1 }), []],
    ['a rule that is gone', rules(a), rules(), ['live[0].targetMs']],
    ['a longer rule that is gone', rules({ ...a, targetMs: 9 }), rules(), []],
    [
      'a rule that is gone where another one may count',
      rules({ ...a, targetMs: 3 }, urgent),
      { ...rules(urgent), targetMs: 3 },
      ['live[0].targetMs?'],
    ],
    ['a longer rule that is new', rules(), rules({ ...a, targetMs: 9 }), ['draft[0].targetMs']],
    ['a shorter rule that is new', rules(), rules(a), []],
    ['a new rule before one that asks for more', rules(a), rules(urgent, a), ['draft[0].targetMs?']],
    ['rules in another order', rules(a, urgent), rules(urgent, a), ['targets?']],
    [
      'the own limit, of which rules tell once more',
      rules({ ...a, warnAtRatio: 0.5 }),
      { ...rules({ ...a, warnAtRatio: 0.5 }), targetMs: 7 },
      ['targetMs'],
    ],
  ])('of rules: %s', (_, before, after, expected) => {
    expect(loosened(before, after)).toEqual(expected)
  })

  const few = fc.integer({ min: 1, max: 4 })
  const time = fc.constantFrom('08:00', '11:30', '14:00', '17:00')
  const cutOff = fc.oneof(
    fc.record({ leaveBy: time, daysLater: fc.nat(1) }),
    fc.record({ enterBy: time, leaveBy: time, daysLater: fc.constant(1) }),
  )
  const limits = fc.record(
    {
      targetMs: few.map((n) => n * 3 * hour),
      promiseLeadMs: few.map((n) => n * 2 * hour),
      stallAfterMs: few,
      cutOff,
    },
    { requiredKeys: [] },
  )
  const when = fc.constantFrom(
    { customerClass: ['A'] },
    { priority: ['urgent'] },
    { customerClass: ['A'], priority: ['urgent'] },
    { customerClass: ['B'] },
  )
  const rule = fc.tuple(when, limits).map(([condition, given]): TargetRule => ({ when: condition, ...given }))
  const stage = fc
    .tuple(limits, fc.array(rule, { maxLength: 3 }))
    .map(([given, targets]): StageDefinition => cut({ ...given, targets }))
  /** Often the same with one change, so that a draft is often no looser. */
  const change = stage.chain((live) =>
    fc.tuple(
      fc.constant(live),
      fc.oneof(
        stage,
        limits.map((given) => ({ ...live, ...given })),
        fc.nat(2).map((gone) => ({ ...live, targets: live.targets!.filter((_, i) => i !== gone) })),
        rule.map((added) => ({ ...live, targets: [...live.targets!, added] })),
        rule.map((added) => ({ ...live, targets: [added, ...live.targets!] })),
      ),
    ),
  )
  const attributes = fc.record({
    customerClass: fc.constantFrom('A', 'B', 'C'),
    priority: fc.constantFrom('urgent', 'low'),
    promisedAt: fc.nat(5).map((days) => Date.parse('2026-06-01T08:00+08:00') + days * 24 * hour),
  })
  const enteredAt = fc.nat(8 * 24).map((hours) => Date.parse('2026-05-31T00:00+08:00') + hours * hour)

  it('are all of them: where there are none, nothing is due or stalled later', () => {
    const calendar = calendarOf(plantCalendar({}))
    let none = 0
    fc.assert(
      fc.property(change, attributes, enteredAt, ([live, draft], order, at) => {
        if (loosenedLimits(process(live), process(draft)).length > 0) return
        none += 1
        const visit = { stage: 'cut', nth: 1, enteredAt: at, heldMs: 0 }
        const [before, after] = [live, draft].map((definition) => visitSla(definition, visit, order, calendar))
        expect(after!.targetMs ?? Infinity).toBeLessThanOrEqual(before!.targetMs ?? Infinity)
        expect(after!.stallAfterMs ?? Infinity).toBeLessThanOrEqual(before!.stallAfterMs ?? Infinity)
      }),
      { numRuns: 2_000 },
    )
    expect(none).toBeGreaterThan(200)
  })
})
