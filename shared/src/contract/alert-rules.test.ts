import { describe, expect, it } from 'vitest'
import { factsOf, measures } from '../domain/alerts/measures.ts'
import { alertRule, alertRuleRequest, backTest } from './alert-rules.ts'
import { fieldIssues } from './issue-texts.ts'

const hourMs = 3_600_000
const rule = {
  name: 'Rule',
  severity: 'warning',
  enabled: true,
  scope: {},
  ladder: [{ afterMs: 0, to: [{ kind: 'managers' }] }],
  acknowledgedForMs: hourMs,
  mergeMs: 0,
}
const measuring = (measure: string, thresholds: object) => ({
  ...rule,
  condition: { kind: 'measure', measure, clearAt: 0, forMs: 0, ...thresholds },
})

/** The fields that a rule is refused for, with the reason and the text. */
function issuesOf(value: object) {
  const { error } = alertRuleRequest.safeParse(value)
  return error === undefined ? [] : fieldIssues(error).map(({ field, reason, message }) => [field, reason, message])
}

describe('a rule about a measure', () => {
  it('is accepted on the sides on which the measure is a problem', () => {
    for (const measure of measures) {
      for (const side of factsOf(measure).sides)
        expect(issuesOf(measuring(measure, { [side]: 0.5, clearAt: 0.5 }))).toEqual([])
    }
  })

  it('is stored with its threshold above, as before there were measures that can be too low', () => {
    const week = { alertCount: 0, acknowledgedCount: 0, noiseCount: 0, messageCount: 0 }
    const more = { id: 'r1', makesTask: false, createdAt: 0, activeFrom: 0, week, version: 'v1' }
    for (const measure of ['breachRatio', 'wipCount', 'growthPerHour', 'overdueCount', 'silenceRatio']) {
      const stored = measuring(measure, { above: 2, clearAt: 1 })
      expect(alertRule.parse({ ...stored, ...more }).condition).toEqual(stored.condition)
    }
  })

  it('names the field that makes no sense, and what to do instead', () => {
    const cases: readonly (readonly [string, object, string, string, string])[] = [
      ['onTimeRatio', {}, 'below', 'missing', 'is missing; send the value below which it warns'],
      ['wipCount', {}, 'above', 'missing', 'is missing; send the value above which it warns'],
      [
        'openCount',
        { above: 5, below: 2 },
        'below',
        'not_offered',
        'cannot be combined with `above`; leave one of them out',
      ],
      [
        'onTimeRatio',
        { above: 0.9 },
        'above',
        'not_offered',
        'does not go with `onTimeRatio`, which is not a problem when it is high; send `below` instead',
      ],
      [
        'leadTimeMs',
        { below: hourMs },
        'below',
        'not_offered',
        'does not go with `leadTimeMs`, which is not a problem when it is low; send `above` instead',
      ],
      ['onTimeRatio', { below: 90, clearAt: 93 }, 'below', 'too_large', 'must be at most 1'],
      ['overdueRatio', { above: 20 }, 'above', 'too_large', 'must be at most 1'],
      ['openCount', { above: 20_000_000 }, 'above', 'too_large', 'must be at most 10000000'],
      ['leadTimeMs', { above: 401 * 24 * hourMs }, 'above', 'too_large', 'must be at most 34560000000'],
      [
        'onTimeRatio',
        { below: 0.9, clearAt: 0.8 },
        'clearAt',
        'out_of_order',
        'must not be below the value from which it warns',
      ],
      [
        'openCount',
        { above: 5, clearAt: 6 },
        'clearAt',
        'out_of_order',
        'must not be above the value from which it warns',
      ],
    ]
    for (const [measure, thresholds, field, reason, message] of cases)
      expect(issuesOf(measuring(measure, thresholds))[0]).toEqual([`condition.${field}`, reason, message])
  })

  it('that is of a whole process is not restricted to stages or sources', () => {
    const onTime = measuring('onTimeRatio', { below: 0.9, clearAt: 0.9 })
    expect(issuesOf({ ...onTime, scope: { processes: ['default'] } })).toEqual([])
    expect(issuesOf({ ...onTime, scope: { stages: ['qc'], sources: ['erp'] } })).toMatchObject([
      ['scope.sources', 'not_offered', 'is for rules that measure a source'],
      ['scope.stages', 'not_offered', 'does not go with what is measured of a whole process'],
    ])
  })
})

it('a rule about news of carriers names the stages in which a carrier has the order', () => {
  const silent = { ...rule, condition: { kind: 'noNews', afterMs: 48 * hourMs } }
  expect(issuesOf({ ...silent, scope: { stages: ['transit'] } })).toEqual([])
  expect(issuesOf(silent)).toEqual([
    ['scope.stages', 'missing', 'is missing; name the stages in which a carrier has the order'],
  ])
  const tooShort = { ...silent, scope: { stages: ['transit'] }, condition: { kind: 'noNews', afterMs: hourMs - 1 } }
  expect(issuesOf(tooShort)).toMatchObject([['condition.afterMs', 'too_small', 'must be at least 3600000']])
})

describe('the answer of a back-test', () => {
  const summary = { days: 30, alertCount: 0, maxPerDay: 0, alerts: [] }

  it('is read without its kind, as servers send it that back-test only rules about orders', () => {
    const older = { ...summary, earlyCount: 0, orderCount: 12 }
    expect(backTest.parse(older)).toEqual({ kind: 'orders', ...older })
  })

  it('of a rule about a measure is told apart by its kind', () => {
    const measured = { kind: 'measure', ...summary, placeCount: 2 }
    expect(backTest.parse(measured)).toEqual(measured)
    expect(backTest.safeParse({ ...summary, placeCount: 2 }).success).toBe(false)
  })
})
