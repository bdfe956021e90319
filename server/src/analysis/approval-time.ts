import { approvals } from '@stagewatch/db/approvals-schema.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { orders } from '@stagewatch/db/schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import type { ApprovalTime, ApprovalTimeAnswer } from '@stagewatch/shared/contract/analysis-approvals.ts'
import type { Choice } from '@stagewatch/shared/contract/choice.ts'
import { and, eq, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { LiveEngine } from '../engine/live-engine.ts'
import { analysisPeriod } from './analysis-period.ts'

const maxStages = 1_000

type Found = Omit<ApprovalTimeAnswer, 'asOf' | 'position'>

interface Row extends ApprovalTime {
  /** Null: the sum of all stages. */
  readonly process: string | null
  readonly stage: string | null
}

/**
 * How long orders waited for approvals that were decided in the period, and how many wait now.
 * @throws AppError `invalid_field` if the period is invalid.
 */
export async function approvalTime(
  db: Queryable,
  site: string,
  engine: LiveEngine,
  question: Choice,
  now: number,
): Promise<Found> {
  const { from, endsAt } = analysisPeriod(engine, question, now)
  const rows = await readRows(db, site, question, { from, to: endsAt }, now)
  const total = rows.find(({ stage }) => stage === null)
  return {
    from,
    to: endsAt,
    total: total === undefined ? nothing : timeOf(total),
    rows: rows.flatMap((row) => {
      const { process, stage } = row
      if (process === null || stage === null) return []
      const name = engine.process(process)?.stage(stage)?.definition.name ?? { zh: stage, en: stage }
      return [{ process, stage, name, ...timeOf(row) }]
    }),
  }
}

const nothing: ApprovalTime = { decided: 0, rejected: 0, automatic: 0, totalMs: 0, waiting: 0 }

/** One row per stage, the most time first, and one for all of them together. */
async function readRows(
  db: Queryable,
  site: string,
  question: Choice,
  period: { readonly from: number; readonly to: number },
  now: number,
): Promise<Row[]> {
  const { openedAt, endedAt, outcome, isAutomatic, process, stage } = approvals
  const hasEnded = sql`${endedAt} >= ${sql.param(period.from, endedAt)} and ${endedAt} < ${sql.param(period.to, endedAt)}
    and ${outcome} in ('approved', 'rejected')`
  const byPeople = sql`${hasEnded} and not ${isAutomatic}`
  const isRunning = sql`${outcome} is null`
  const waitMs = sql`(extract(epoch from ${endedAt} - ${openedAt}) * 1000)`
  const ageMs = sql`(extract(epoch from ${sql.param(now, endedAt)}::timestamptz - ${openedAt}) * 1000)`
  const percentile = (share: number) =>
    sql`(percentile_disc(${share}::float8) within group (order by ${waitMs}) filter (where ${byPeople}))::float8`
  const found = await drizzleOn(db).execute<{ [Key in keyof Row]: Row[Key] | null }>(sql`
    select ${process} as process, ${stage} as stage,
      (count(*) filter (where ${byPeople}))::float8 as decided,
      (count(*) filter (where ${byPeople} and ${outcome} = 'rejected'))::float8 as rejected,
      (count(*) filter (where ${hasEnded} and ${isAutomatic}))::float8 as automatic,
      coalesce(sum(${waitMs}) filter (where ${byPeople}), 0)::float8 as "totalMs",
      ${percentile(0.5)} as "p50Ms", ${percentile(0.9)} as "p90Ms",
      (count(*) filter (where ${isRunning}))::float8 as waiting,
      (max(${ageMs}) filter (where ${isRunning}))::float8 as "longestMs"
    from ${approvals}
    left join ${orders} on ${orders.site} = ${approvals.site} and ${orders.orderId} = ${approvals.orderId}
    where ${and(eq(approvals.site, site), sql`(${isRunning} or (${hasEnded}))`, isChosen(question))}
    group by grouping sets ((${process}, ${stage}), ())
    order by "totalMs" desc, process, stage
    limit ${maxStages + 1}`)
  return found as Row[]
}

function isChosen({ process, department, customer, product, customerClass }: Choice): SQL | undefined {
  const isOneOf = (value: SQL, texts: readonly string[] | undefined) =>
    texts === undefined ? undefined : sql`coalesce(${value}, '') = any(${sql.param([...texts])}::text[])`
  return and(
    process === undefined ? undefined : anyOf(approvals.process, process),
    isOneOf(sql`coalesce(${approvals.department}, ${orders.department})`, department),
    isOneOf(sql`${orders.customer}`, customer),
    isOneOf(sql`${orders.product}`, product),
    isOneOf(sql`${orders.attributes} ->> 'customerClass'`, customerClass),
  )
}

function timeOf({ decided, rejected, automatic, totalMs, p50Ms, p90Ms, waiting, longestMs }: Row): ApprovalTime {
  const known = (value: number | null | undefined) =>
    value === null || value === undefined ? undefined : Math.round(value)
  const [median, late, longest] = [known(p50Ms), known(p90Ms), known(longestMs)]
  return {
    decided,
    rejected,
    automatic,
    totalMs: Math.round(totalMs),
    ...(median !== undefined && { p50Ms: median }),
    ...(late !== undefined && { p90Ms: late }),
    waiting,
    ...(longest !== undefined && { longestMs: Math.max(0, longest) }),
  }
}
