import type { AlertCondition, AlertScope } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { measures } from '@stagewatch/shared/domain/alerts/measures.ts'
import { cleanup, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { MeContext } from '../../../api/session.ts'
import { renderDesk } from '../../../components/testing/render-desk.tsx'
import { conditionKinds, conditionOf, measureOf } from './rule-values.ts'
import { useRuleText } from './use-rule-text.ts'

const [minuteMs, hourMs] = [60_000, 3_600_000]

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

function Sentences({
  conditions,
  scope,
}: {
  readonly conditions: readonly AlertCondition[]
  readonly scope: AlertScope
}) {
  const { ruleTexts } = useRuleText()
  const texts = conditions.map((condition) => ruleTexts({ condition, scope }))
  return (
    <ul>
      {[...texts.map(({ condition }) => condition), texts[0]?.scope].map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  )
}

async function sentencesIn(language: 'en' | 'zh', conditions: readonly AlertCondition[], scope: AlertScope = {}) {
  const privacy = { customers: 'shown', amounts: 'shown', people: 'shown' } as const
  await renderDesk(
    <MeContext value={{ kind: 'person', name: 'Ada', site: 'east', actions: [], privacy, sites: [] }}>
      <Sentences conditions={conditions} scope={scope} />
    </MeContext>,
    { language },
  )
  return screen.getAllByRole('listitem').map(({ textContent }) => textContent)
}

const said: readonly (readonly [AlertCondition, string, string])[] = [
  [{ kind: 'target', ratio: 1 }, 'The order is overdue', '订单超时'],
  [{ kind: 'target', ratio: 1.5 }, 'The order has used 150% of its limit', '订单用去 150% 的时限'],
  [
    { kind: 'pastTarget', afterMs: 90 * minuteMs },
    'The order has been overdue for 1 working hour 30 minutes',
    '订单超时已达 1 工时 30 分钟',
  ],
  [{ kind: 'stalled', clock: 'working' }, 'The order has stalled, as its stage defines', '订单停滞（按环节设定）'],
  [
    { kind: 'stalled', clock: 'elapsed', afterMs: 48 * hourMs },
    'The order has made no progress for 2 days, around the clock',
    '订单 2 天无进展（含非工作时间）',
  ],
  [
    { kind: 'unclaimed', afterMs: 30 * minuteMs, since: 'overdue' },
    'The order is overdue and unclaimed for 30 minutes',
    '订单超时后 30 分钟无人认领',
  ],
  [
    { kind: 'promise', leadMs: 0 },
    'The promised date has come and the order is still open',
    '已到承诺交期，订单仍未完成',
  ],
  [
    { kind: 'measure', measure: 'breachRatio', above: 0.2, clearAt: 0.15, forMs: 30 * minuteMs },
    'More than 20% of the orders in a stage are overdue, for 30 minutes',
    '环节超时占比高于 20%，持续 30 分钟',
  ],
  [
    { kind: 'noNews', afterMs: 48 * hourMs },
    'There has been no news from the carrier for 2 days',
    '物流信息 2 天没有更新',
  ],
  [
    { kind: 'measure', measure: 'wipCount', below: 3, clearAt: 5, forMs: 0 },
    'A stage holds fewer orders than 3',
    '环节在手不足 3 单',
  ],
]

/** Of the key figures of a process, the rule names the process. */
const saidOfProcesses: readonly (readonly [AlertCondition, string, string])[] = [
  [
    { kind: 'measure', measure: 'onTimeRatio', below: 0.9, clearAt: 0.93, forMs: 30 * minuteMs },
    'The on-time rate of machining is below 90%, for 30 minutes',
    'machining准时签收率低于 90%，持续 30 分钟',
  ],
  [
    { kind: 'measure', measure: 'leadTimeMs', above: 5 * 24 * hourMs, clearAt: 4 * 24 * hourMs, forMs: 0 },
    'The median lead time of machining is longer than 5 days',
    'machining全程中位时长超过 5 天',
  ],
  [
    { kind: 'measure', measure: 'completedCount', below: 100, clearAt: 110, forMs: 0 },
    'Fewer than 100 orders of machining were completed in 7 days',
    'machining近 7 日完成不足 100 单',
  ],
  [
    { kind: 'measure', measure: 'openCount', above: 1_200, clearAt: 1_000, forMs: 0 },
    'More than 1,200 orders of machining are open',
    'machining在手订单超过 1,200 单',
  ],
  [
    { kind: 'measure', measure: 'openCount', below: 20, clearAt: 25, forMs: 0 },
    'Fewer than 20 orders of machining are open',
    'machining在手订单不足 20 单',
  ],
  [
    { kind: 'measure', measure: 'overdueRatio', above: 0.1, clearAt: 0.08, forMs: 0 },
    'More than 10% of the open orders of machining are overdue',
    'machining在手订单的超时占比高于 10%',
  ],
]

it('a condition is a sentence in both languages', async () => {
  const conditions = said.map(([condition]) => condition)
  const scope = { stages: ['qc'], when: { customerClass: ['A', 'B', 'C', 'D'], amount: { from: 100_000 } } }
  expect(await sentencesIn('en', conditions, scope)).toEqual([
    ...said.map(([, en]) => en),
    'qc · Customer class: A, B, C and 1 more · Amount ≥ 100,000',
  ])
  cleanup()
  expect(await sentencesIn('zh', conditions, scope)).toEqual([
    ...said.map(([, , zh]) => zh),
    'qc · 客户等级：A、B、C 等另外 1 项 · 金额 ≥ 100,000',
  ])
})

it('a rule about key figures names the processes in its sentence, and not again as its scope', async () => {
  const conditions = saidOfProcesses.map(([condition]) => condition)
  const scope = { processes: ['machining'] }
  expect(await sentencesIn('en', conditions, scope)).toEqual([...saidOfProcesses.map(([, en]) => en), ''])
  cleanup()
  expect(await sentencesIn('zh', conditions, scope)).toEqual([...saidOfProcesses.map(([, , zh]) => zh), ''])
  cleanup()
  const [onTime] = conditions
  const ofAll = onTime === undefined ? [] : [onTime]
  expect(await sentencesIn('en', ofAll)).toContain('The on-time rate of a process is below 90%, for 30 minutes')
  cleanup()
  expect(await sentencesIn('zh', ofAll)).toContain('任一流程的准时签收率低于 90%，持续 30 分钟')
})

it('every condition that the editor offers has a sentence of its own', async () => {
  const conditions = [...conditionKinds.map(conditionOf), ...measures.slice(1).map((measure) => measureOf(measure))]
  const texts = (await sentencesIn('en', conditions)).filter((text) => text !== '')
  expect(new Set(texts).size).toBe(conditions.length)
  for (const text of texts) expect(text).not.toMatch(/alerts\.|\{\{/)
})
