import { z } from 'zod'
import { severities, translationsOf, type AlertRule, type MeasureCondition } from '../domain/alerts/alert-rule.ts'
import { factsOf, measures } from '../domain/alerts/measures.ts'
import { positionStepMs } from '../domain/stage-visit.ts'
import { departmentText } from './departments.ts'
import { failing } from './field-issue.ts'
import type { CheckParams, FieldReason } from './field-issue.ts'
import { visibleLocalText, visibleName } from './names.ts'
import { targetCondition } from './target-condition.ts'

/** Maximum number of rules per site. */
export const maxAlertRules = 200
const maxLadderSteps = 5
const maxRecipients = 20
const maxRuleName = 100
const [minuteMs, dayMs] = [60_000, 24 * 3_600_000]

const durationMs = z
  .int()
  .min(0)
  .max(400 * dayMs)
const positiveMs = z
  .int()
  .min(minuteMs)
  .max(400 * dayMs)
const codes = z.array(z.string().min(1).max(200)).min(1).max(500).readonly().exactOptional()

/** A rule measures counts and shares up to `maxMeasured`, and durations up to the longest that rules know. */
const maxMeasured = 10_000_000
const measured = z
  .number()
  .min(0)
  .max(400 * dayMs)

const alertCondition = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('target'), ratio: z.number().min(0.05).max(20) }),
  z.strictObject({ kind: z.literal('pastTarget'), afterMs: positiveMs }),
  z.strictObject({
    kind: z.literal('stalled'),
    afterMs: positiveMs.exactOptional(),
    clock: z.enum(['working', 'elapsed']),
  }),
  z.strictObject({
    kind: z.literal('noNews'),
    // Positions are kept exactly enough for this, see `positionStepMs`.
    afterMs: z
      .int()
      .min(positionStepMs)
      .max(400 * dayMs)
      .meta({
        description: 'elapsed time without progress or a `position.reported` event; `scope.stages` is required',
      }),
  }),
  z.strictObject({ kind: z.literal('held'), afterMs: positiveMs }),
  z.strictObject({ kind: z.literal('promise'), leadMs: durationMs }),
  z.strictObject({ kind: z.literal('unclaimed'), afterMs: durationMs, since: z.enum(['entered', 'overdue']) }),
  z
    .strictObject({
      kind: z.literal('measure'),
      measure: z.enum(measures),
      above: measured
        .exactOptional()
        .meta({ description: 'warns while the measure is above this value; exactly one of `above` and `below`' }),
      below: measured
        .exactOptional()
        .meta({ description: 'warns while the measure is below this value; exactly one of `above` and `below`' }),
      clearAt: measured.meta({ description: 'the alert ends at this value: at most `above`, at least `below`' }),
      forMs: z
        .int()
        .min(0)
        .max(7 * dayMs),
    })
    .superRefine(checkThresholds),
])

/** The threshold is on a side that the measure can be a problem on, and `clearAt` is not beyond it. */
function checkThresholds(condition: MeasureCondition, context: z.core.$RefinementCtx<MeasureCondition>): void {
  const { measure, above, below, clearAt } = condition
  const { unit, sides } = factsOf(measure)
  const refuse = (field: string, reason: FieldReason, message: string, limit?: number) =>
    context.addIssue({
      code: 'custom',
      path: [field],
      message,
      params: { reason, ...(limit !== undefined && { limit }) } satisfies CheckParams,
      input: condition,
    })
  const [usual] = sides
  if (above === undefined && below === undefined) {
    refuse(usual, 'missing', `is missing; send the value ${usual} which it warns`)
    return
  }
  if (above !== undefined && below !== undefined) {
    const extra = usual === 'above' ? 'below' : 'above'
    refuse(extra, 'not_offered', `cannot be combined with \`${usual}\`; leave one of them out`)
    return
  }
  const side = above === undefined ? 'below' : 'above'
  if (!sides.includes(side)) {
    const message = `does not go with \`${measure}\`, which is not a problem when it is ${side === 'above' ? 'high' : 'low'}; send \`${usual}\` instead`
    refuse(side, 'not_offered', message)
    return
  }
  // The share of overdue orders in a stage was never limited, so rules with more than 1 may be stored.
  const max = unit === 'ms' ? undefined : unit === 'ratio' && measure !== 'breachRatio' ? 1 : maxMeasured
  for (const field of [side, 'clearAt'] as const) {
    if (max !== undefined && (condition[field] ?? 0) > max) refuse(field, 'too_large', `must be at most ${max}`, max)
  }
  if (above !== undefined && clearAt > above)
    refuse('clearAt', 'out_of_order', 'must not be above the value from which it warns')
  if (below !== undefined && clearAt < below)
    refuse('clearAt', 'out_of_order', 'must not be below the value from which it warns')
}

const recipient = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('owner') }),
  z.strictObject({ kind: z.literal('leads') }),
  z.strictObject({ kind: z.literal('onDuty') }),
  z.strictObject({ kind: z.literal('managers') }),
  z.strictObject({
    kind: z.literal('department'),
    id: departmentText.meta({ description: 'the key of a department of the site: its members who are not absent' }),
  }),
  z.strictObject({ kind: z.literal('person'), id: z.string().min(1).max(100) }),
  z.strictObject({ kind: z.literal('channel'), id: z.string().min(1).max(100) }),
])

const ladderStep = z.strictObject({ afterMs: durationMs, to: z.array(recipient).min(1).max(maxRecipients).readonly() })

/** Content of a rule; `domain/alerts/alert-rule` defines its meaning. */
const ruleContent = z.strictObject({
  name: visibleName(maxRuleName),
  names: visibleLocalText(maxRuleName).exactOptional().meta({
    description: 'the name by language, `name` among them; left out: the name is the same in every language',
  }),
  severity: z.enum(severities),
  condition: alertCondition,
  scope: z.strictObject({
    processes: codes,
    stages: codes,
    sources: codes,
    when: targetCondition.exactOptional(),
  }),
  ladder: z
    .array(ladderStep)
    .min(1)
    .max(maxLadderSteps)
    .refine(
      (steps) => steps.every(({ afterMs }, i) => i === 0 || afterMs > (steps[i - 1]?.afterMs ?? 0)),
      failing('out_of_order', 'each step waits longer than the one before'),
    )
    .readonly(),
  acknowledgedForMs: positiveMs,
  mergeMs: z.int().min(0).max(dayMs),
}) satisfies z.ZodType<AlertRule>

/** Request body of `POST /api/v1/alert-rules` and `PUT /api/v1/alert-rules/:id`. */
export const alertRuleRequest = ruleContent
  .extend({
    /** False: the rule raises no alerts. */
    enabled: z.boolean(),
    /** Whether a task is made of what it warns of. */
    makesTask: z.boolean().default(false),
  })
  .superRefine(({ condition, scope }, context) => {
    const refuse = (path: string[], message: string, reason: FieldReason = 'not_offered') =>
      context.addIssue({ code: 'custom', path, message, params: { reason } satisfies CheckParams })
    if (condition.kind !== 'measure') {
      if (condition.kind === 'noNews' && scope.stages === undefined)
        refuse(['scope', 'stages'], 'is missing; name the stages in which a carrier has the order', 'missing')
      if (scope.sources !== undefined) refuse(['scope', 'sources'], 'is for rules that measure a source')
      return
    }
    if (scope.when !== undefined) refuse(['scope', 'when'], 'is for rules about single orders')
    const { of } = factsOf(condition.measure)
    const isSource = of === 'source'
    if (isSource && (scope.stages ?? scope.processes) !== undefined)
      refuse(['scope'], 'names stages or processes, which a source has none of')
    if (!isSource && scope.sources !== undefined) refuse(['scope', 'sources'], 'is for rules that measure a source')
    if (of === 'process' && scope.stages !== undefined)
      refuse(['scope', 'stages'], 'does not go with what is measured of a whole process')
  })
  .overwrite(withoutOutdatedNames)
export type AlertRuleRequest = z.infer<typeof alertRuleRequest>

/** A rule whose ready-made name has been changed is named by what was typed. */
function withoutOutdatedNames<T extends Pick<AlertRule, 'name' | 'names'>>(rule: T): T {
  if (rule.names === undefined || translationsOf(rule.name, rule.names) !== undefined) return rule
  const { names: _outdated, ...named } = rule
  return named as T
}

/** Instants are epoch ms. */
export const alertRule = ruleContent.extend({
  id: z.string(),
  enabled: z.boolean(),
  makesTask: z.boolean(),
  createdAt: z.int(),
  /** Conditions that already held before this instant are listed, but nobody is notified. */
  activeFrom: z.int(),
  /** Statistics of the last seven days. */
  week: z.object({
    alertCount: z.int(),
    /** Alerts that somebody acknowledged. */
    acknowledgedCount: z.int(),
    /** Alerts that ended within ten minutes without any action. */
    noiseCount: z.int(),
    /** Median time until acknowledgement. Undefined if no alert was acknowledged. */
    medianAcknowledgeMs: z.int().optional(),
    messageCount: z.int(),
  }),
  /** Sent as `If-Match` when changing it. */
  version: z.string(),
})
export type AlertRuleView = z.infer<typeof alertRule>

/** Response of `GET /api/v1/alert-rules`, oldest first. */
export const alertRuleList = z.object({ rules: z.array(alertRule).max(maxAlertRules) })

/** Response of `POST /api/v1/alert-rules`. */
export const alertRuleCreated = z.object({ id: z.string() })

/** Request body of `POST /api/v1/alert-rules/back-test`. */
export const backTestRequest = z.strictObject({
  rule: alertRuleRequest,
  /** Days back from now. */
  days: z.int().min(1).max(90).default(30),
})

const maxBackTestAlerts = 200

const backTestSummary = {
  days: z.int(),
  alertCount: z.int(),
  maxPerDay: z.int(),
}

/** The alerts that a rule about single orders would have raised. */
const orderBackTest = z.object({
  /** Servers from before rules about measures were back-tested leave it out. */
  kind: z.literal('orders').default('orders'),
  ...backTestSummary,
  /** Number of alerts on orders that later became overdue, raised more than four working hours before the breach. */
  earlyCount: z.int(),
  /** Number of orders whose events were examined. */
  orderCount: z.int(),
  /** Newest first. */
  alerts: z
    .array(
      z.object({
        order: z.string(),
        process: z.string(),
        stage: z.string(),
        beganAt: z.int(),
        endedAt: z.int().optional(),
        /**
         * Working ms from the alert to the breach. Negative: the order was already overdue. Undefined: it never became
         * overdue.
         */
        leadMs: z.int().optional(),
      }),
    )
    .max(maxBackTestAlerts),
})
export type OrderBackTest = z.infer<typeof orderBackTest>

/**
 * The alerts that a rule about a measure would have raised if it had been switched on at the start of the days. The
 * times are those of the events, whenever they were reported; of sources, those at which events were recorded.
 */
const measureBackTest = z.object({
  kind: z.literal('measure'),
  ...backTestSummary,
  /** Nothing is known of the days before this instant. Undefined: all days were examined. */
  knownFrom: z.int().optional(),
  /** Number of stages, processes or sources that were examined. */
  placeCount: z.int(),
  /** Newest first. `process`, `stage` and `source` are empty if the measure is not taken of one. */
  alerts: z
    .array(
      z.object({
        process: z.string(),
        stage: z.string(),
        source: z.string(),
        beganAt: z.int(),
        /** Undefined: it has not ended. */
        endedAt: z.int().optional(),
        /** Value of the measure when the alert began. */
        value: z.number(),
        /** The value that was furthest beyond the threshold before the alert ended. */
        worstValue: z.number(),
      }),
    )
    .max(maxBackTestAlerts),
})
export type MeasureBackTest = z.infer<typeof measureBackTest>

/** Response of `POST /api/v1/alert-rules/back-test`. */
export const backTest = z.union([measureBackTest, orderBackTest])
export type BackTest = z.infer<typeof backTest>
