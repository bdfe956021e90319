import type { AlertRuleRequest } from '@stagewatch/shared/contract/alert-rules.ts'
import { hourMs, minuteMs } from './plant-time.ts'

const owner = { kind: 'owner' } as const
const leads = { kind: 'leads' } as const
const managers = { kind: 'managers' } as const

const common = {
  enabled: true,
  makesTask: false,
  severity: 'warning',
  scope: {},
  acknowledgedForMs: 8 * hourMs,
  mergeMs: 10 * minuteMs,
} as const

/** The alert rules with which the sample begins: few enough that each alert is worth reading. */
export const plantRules: readonly AlertRuleRequest[] = [
  {
    ...common,
    ...named('已超期', 'Overdue'),
    severity: 'critical',
    condition: { kind: 'target', ratio: 1 },
    ladder: [
      { afterMs: 0, to: [owner, leads] },
      { afterMs: hourMs, to: [managers] },
    ],
  },
  {
    ...common,
    ...named('停滞', 'Stalled'),
    condition: { kind: 'stalled', clock: 'working' },
    ladder: [
      { afterMs: 0, to: [owner] },
      { afterMs: hourMs, to: [leads] },
    ],
  },
  {
    ...common,
    ...named('挂起过久', 'On hold too long'),
    makesTask: true,
    condition: { kind: 'held', afterMs: 8 * hourMs },
    ladder: [{ afterMs: 0, to: [owner, leads] }],
  },
  {
    ...common,
    ...named('数据源中断', 'Data source silent'),
    severity: 'critical',
    condition: { kind: 'measure', measure: 'silenceRatio', above: 3, clearAt: 1, forMs: 0 },
    ladder: [{ afterMs: 0, to: [managers] }],
  },
]

function named(zh: string, en: string): Pick<AlertRuleRequest, 'name' | 'names'> {
  return { name: zh, names: { zh, en } }
}
