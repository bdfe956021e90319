import { z } from 'zod'
import { failing } from './field-issue.ts'
import { invisibleText, normalIdentifier } from '../domain/identifier.ts'
import type { CheckParams } from './field-issue.ts'
import type { ProcessDefinition } from '../domain/process-definition.ts'
import type { ProcessVersion } from '../domain/process-history.ts'
import { approvalFlow, approvalIssues } from './approval-flow.ts'
import { localTextUpTo } from './names.ts'
import { targetCondition } from './target-condition.ts'

/**
 * A process must stay readable on a wall; a file with more stages most likely has the wrong column selected as the
 * stage.
 */
export const maxStages = 500

/** In the normal form of events, so that a code entered by hand in full width is that of the events. */
const code = z
  .string()
  .refine(
    (text) => !invisibleText.test(text),
    failing('invisible_text', 'must not hold control or invisible characters'),
  )
  .overwrite((text) => normalIdentifier(text) ?? text)
  .trim()
  .min(1)
  .max(200)
/** A stage that was learned from events is called by its code, which may be as long. */
const name = localTextUpTo(200)
const ratio = z.number().min(0).max(1)
const durationMs = z.int().positive()

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 16:00')

const cutOff = z
  .strictObject({
    enterBy: timeOfDay.exactOptional(),
    leaveBy: timeOfDay,
    daysLater: z.int().min(0).max(60).exactOptional(),
  })
  .refine(
    ({ enterBy = '', leaveBy, daysLater = 0 }) => daysLater > 0 || enterBy <= leaveBy,
    failing('out_of_order', 'nobody can leave before they have entered; say on how many working days later'),
  )

const targetRule = z.strictObject({
  when: targetCondition,
  targetMs: durationMs.exactOptional(),
  warnAtRatio: ratio.exactOptional(),
  stallAfterMs: durationMs.exactOptional(),
  promiseLeadMs: z.int().nonnegative().exactOptional(),
  cutOff: cutOff.exactOptional(),
})

export const holdReason = z.strictObject({ name, maxMs: durationMs.exactOptional() })

const stageDefinition = z.object({
  code,
  name,
  targetMs: durationMs.exactOptional(),
  promiseLeadMs: z.int().nonnegative().exactOptional(),
  cutOff: cutOff.exactOptional(),
  targets: z.array(targetRule).max(100).readonly().exactOptional(),
  calendar: code.exactOptional(),
  warnAtRatio: ratio,
  stallAfterMs: durationMs.exactOptional(),
  toleranceRatio: ratio,
  department: code.exactOptional(),
  holdReasons: z.array(holdReason).min(1).max(50).readonly().exactOptional(),
  approval: approvalFlow.exactOptional(),
  terminal: z.literal(true).exactOptional(),
})

const processPath = z
  .strictObject({
    from: code,
    to: code,
    name: name.exactOptional(),
    maxTimes: z.int().positive().max(1_000).exactOptional(),
  })
  .refine(({ from, to }) => from !== to, failing('mismatch', 'leads from a stage to itself'))

const processGoals = z.object({
  overdueCeiling: z.int().nonnegative().exactOptional(),
  soonCeiling: z.int().nonnegative().exactOptional(),
  onTimeRatio: ratio.exactOptional(),
  leadTimeMs: durationMs.exactOptional(),
})

/** A process as commands and settings pages send and receive it; `domain/process-definition` defines its meaning. */
export const processDefinition = z
  .object({
    code,
    name,
    stages: z
      .array(stageDefinition)
      .max(maxStages)
      .refine(
        (stages) => new Set(stages.map((stage) => stage.code)).size === stages.length,
        failing('twice', 'two stages share a code'),
      )
      .readonly(),
    paths: z.array(processPath).max(maxStages).readonly().exactOptional(),
    acceptsNewStages: z.boolean(),
    goals: processGoals,
  })
  .superRefine(({ stages, paths = [] }, context) => {
    for (const { path, reason, message } of approvalIssues(stages))
      context.addIssue({ code: 'custom', path, message, params: { reason } satisfies CheckParams })
    const places = new Map(stages.map((stage, place) => [stage.code, place]))
    const refuse = (path: PropertyKey[], reason: CheckParams['reason'], message: string) =>
      context.addIssue({ code: 'custom', path: ['paths', ...path], message, params: { reason } satisfies CheckParams })
    const seen = new Set<string>()
    for (const [i, { from, to, maxTimes }] of paths.entries()) {
      const [start, end] = [places.get(from), places.get(to)]
      if (start === undefined) refuse([i, 'from'], 'unknown', 'names no stage of the process')
      if (end === undefined) refuse([i, 'to'], 'unknown', 'names no stage of the process')
      if (maxTimes !== undefined && start !== undefined && end !== undefined && start < end)
        refuse([i, 'maxTimes'], 'not_offered', 'is for a path that leads back; leave it out of one that leads forward')
      const ends = JSON.stringify([from, to])
      if (seen.has(ends)) refuse([i], 'twice', 'leads between the same stages as an earlier one')
      seen.add(ends)
    }
  }) satisfies z.ZodType<ProcessDefinition>

/** A process from `validFrom` (epoch ms; undefined: from the beginning) until the next version begins. */
export const processVersion = z.object({
  validFrom: z.int().exactOptional(),
  definition: processDefinition,
}) satisfies z.ZodType<ProcessVersion>
