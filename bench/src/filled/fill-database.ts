import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import postgres from 'postgres'

/** Parameters for filling the tables of a site. */
export interface Filling {
  readonly orders: number
  readonly visitsPerOrder: number
  /** One in this many orders has an open last visit; 1 means all of them. */
  readonly openEvery: number
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
export const targetMs = 10 * dayMs
/** A stage without open orders from the filling, so that a measurement has it for itself. */
export const extraStage = 'inspection'

/**
 * Writes orders and visits like folding does, but by SQL, because sending events would take an hour. Each order passes
 * its stages in sequence, with some hours in each. Of the open orders, 2 % are overdue and 3 % at risk, and none
 * changes its status within twelve hours.
 */
export async function fillDatabase(url: string, filling: Filling): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  const { orders, visitsPerOrder: visits, openEvery } = filling
  const stages = [...Array.from({ length: visits }, (_, i) => `stage-${i}`), extraStage]
  const definition = {
    code: 'default',
    name: { zh: '订单', en: 'Orders' },
    stages: stages.map((code) => ({ ...plainStage(code), targetMs })),
    acceptsNewStages: false,
    goals: {},
  }
  try {
    await sql`insert into sites (code, name, time_zone, default_process)
      values ('main', '{"zh":"主厂区","en":"Main site"}', 'Asia/Shanghai', 'default')`
    await sql`insert into processes (site, code, definition)
      values ('main', 'default', ${JSON.stringify(definition)}::text::jsonb)`
    // `last_at`: time of entry into the last stage.
    await sql`create unlogged table plan as
      select i, 'SO-' || lpad(i::text, 8, '0') as order_id, i % ${openEvery} = 0 as is_open,
        now() - interval '1 day' * case when (i / ${openEvery}) % 100 < 2 then 11 + random() * 9
          when (i / ${openEvery}) % 100 < 5 then 8.5 + random() else random() * 7 end as last_at
      from generate_series(1, ${orders}::int) as i`
    await sql`insert into visits (site, order_id, visit_index, stage, nth, entered_at, started_at, left_at, held_ms,
        cancelled, owner, department)
      select 'main', order_id, n, 'stage-' || n, 1, last_at - interval '7 hours' * (${visits - 1}::int - n), null,
        case when is_open and n = ${visits - 1}::int then null
          else last_at - interval '7 hours' * (${visits - 1}::int - n) + interval '1 minute' * (1 + (i * 7 + n * 13) % 400)
        end, 0, false, case when i % 3 > 0 then 'u' || i % 40 end, 'D-' || i % 5
      from plan cross join generate_series(0, ${visits - 1}::int) as n order by order_id, n`
    await sql`insert into orders (site, order_id, event_count, process, status, customer, product, department,
        promised_at, placed_at, first_at, ended_at, last_progress_at, last_event_at, attributes, reopened_count,
        complaint_count)
      select 'main', order_id, ${2 * visits}::int + 1, 'default', case when is_open then 'open' else 'completed' end,
        'C-' || i % 300, 'P-' || i % 80, 'D-' || i % 5, last_at + interval '12 days',
        last_at - interval '8 hours' * ${visits}::int, last_at - interval '8 hours' * ${visits}::int,
        case when not is_open then last_at + interval '7 hours' end, last_at, last_at, '{"quantity": 12}', 0, 0
      from plan order by order_id`
    await sql`drop table plan`
    await sql`vacuum (analyze) orders, visits`
  } finally {
    await sql.end()
  }
}
