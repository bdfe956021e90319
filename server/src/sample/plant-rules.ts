import type { AlertRuleRequest } from '@stagewatch/shared/contract/alert-rules.ts'
import { readyRule } from '@stagewatch/shared/domain/alerts/ready-rules.ts'
import type { ReadyRule } from '@stagewatch/shared/domain/alerts/ready-rules.ts'

/** The ready-made alert rules with which the sample begins: few enough that each alert is worth reading. */
export const plantRules: readonly AlertRuleRequest[] = [
  ruleOf('overdue'),
  // Its stages say themselves after what time an order stalls.
  ruleOf('stalled', { condition: { kind: 'stalled', clock: 'working' } }),
  ruleOf('held', { makesTask: true }),
  ruleOf('silent'),
]

function ruleOf(ready: ReadyRule, change: Partial<AlertRuleRequest> = {}): AlertRuleRequest {
  return { ...readyRule(ready, 'zh'), enabled: true, makesTask: false, ...change }
}
