import { textIn } from '../local-text.ts'
import type { Locale, LocalText } from '../local-text.ts'
import type { AlertCondition, AlertRule } from './alert-rule.ts'
import names from './ready-rule-names.json' with { type: 'json' }

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** The alert rules that most sites start with: offered on the desk, and some of them switched on in the sample. */
export type ReadyRule = keyof typeof names

/** Their names in the languages of the product. */
export const readyRuleNames: Readonly<Record<ReadyRule, LocalText>> = names

export const readyRules = Object.keys(names) as readonly ReadyRule[]

const owner = { kind: 'owner' } as const
const leads = { kind: 'leads' } as const
const managers = { kind: 'managers' } as const
const ownerThenLeads: AlertRule['ladder'] = [
  { afterMs: 0, to: [owner] },
  { afterMs: hourMs, to: [leads] },
]

const contents = {
  overdue: {
    severity: 'critical',
    condition: { kind: 'target', ratio: 1 },
    ladder: [
      { afterMs: 0, to: [owner, leads] },
      { afterMs: hourMs, to: [managers] },
    ],
  },
  nearlyOverdue: {
    severity: 'warning',
    condition: { kind: 'target', ratio: 0.8 },
    ladder: [{ afterMs: 0, to: [owner] }],
  },
  stalled: {
    severity: 'warning',
    condition: { kind: 'stalled', afterMs: 4 * hourMs, clock: 'working' },
    ladder: ownerThenLeads,
  },
  noNews: { severity: 'warning', condition: { kind: 'noNews', afterMs: 48 * hourMs }, ladder: ownerThenLeads },
  held: { severity: 'warning', condition: { kind: 'held', afterMs: 8 * hourMs }, ladder: ownerThenLeads },
  unclaimed: {
    severity: 'warning',
    condition: { kind: 'unclaimed', afterMs: 30 * minuteMs, since: 'overdue' },
    ladder: [{ afterMs: 0, to: [leads] }],
  },
  silent: {
    severity: 'critical',
    condition: { kind: 'measure', measure: 'silenceRatio', above: 3, clearAt: 1, forMs: 0 },
    ladder: [{ afterMs: 0, to: [managers] }],
  },
} as const satisfies Record<ReadyRule, Pick<AlertRule, 'severity' | 'condition' | 'ladder'>>

/** @param locale the language of whoever switches it on; others read the name in theirs. */
export function readyRule(ready: ReadyRule, locale: Locale): AlertRule & { readonly names: LocalText } {
  const { [ready]: named } = readyRuleNames
  return {
    name: textIn(named, locale),
    names: named,
    ...contents[ready],
    scope: {},
    acknowledgedForMs: 8 * hourMs,
    mergeMs: 10 * minuteMs,
  }
}

/**
 * Whether the condition is that of the ready-made rule, also with another time. Warnings of limits and of measures are
 * different rules at different values.
 */
export function isConditionOf(ready: ReadyRule, { kind, ...values }: AlertCondition): boolean {
  const { kind: own, ...ownValues } = contents[ready].condition
  if (kind !== own) return false
  return (kind !== 'target' && kind !== 'measure') || sameValues(values, ownValues)
}

function sameValues(a: object, b: object): boolean {
  const sorted = (values: object) => JSON.stringify(Object.entries(values).toSorted(([x], [y]) => (x < y ? -1 : 1)))
  return sorted(a) === sorted(b)
}
