import { deleteOldAlerts } from '@stagewatch/server/alerts/alerts-table.ts'
import { deleteOldLinks } from '@stagewatch/server/approvals/delete-old-links.ts'
import { deleteOldMessages } from '@stagewatch/server/channels/message-log.ts'
import { deleteOldTasks } from '@stagewatch/server/tasks/tasks-table.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'

let database: Database

beforeEach(async () => {
  database = await openTestDatabase()
  await database.query(`insert into sites (code, name, time_zone) values ('main', '{}', 'UTC') on conflict do nothing`)
})
afterEach(() => database.close())

/** A row that ended at each of these numbers of days ago; null: it has not ended. */
const ages = [null, 1, 80, 100, 390, 410]

const names = (rows: readonly { readonly name: string }[]) => rows.map(({ name }) => name).toSorted()

it('alerts are deleted with their history 90 days after they ended, and never while they are open', async () => {
  await database.query(
    `insert into alert_rules (site, id, name, severity, enabled, condition, scope, ladder, acknowledged_for_ms, merge_ms,
       created_at, active_from) values ('main', 'r', 'r', 'warning', true, '{}', '{}', '[]', 0, 0, now(), now())`,
  )
  for (const age of ages)
    await database.query(
      `insert into alerts (site, rule_id, order_id, began_at, noted_at, counts_from, ended_at)
       values ('main', 'r', $1, now() - interval '500 days', now(), now(), now() - make_interval(days => $2::int))`,
      [`SO-${age}`, age],
    )
  await database.query(
    `insert into alert_log (site, alert_id, at, kind) select site, id, began_at, 'began' from alerts`,
  )
  await deleteOldAlerts(database)
  const left = await database.query<{ name: string }>('select order_id as name from alerts')
  expect(names(left)).toEqual(['SO-1', 'SO-80', 'SO-null'])
  expect(await database.query('select 1 from alert_log')).toHaveLength(3)
})

it('tasks are deleted with their history 400 days after they were closed, and never while they are open', async () => {
  for (const age of ages)
    await database.query(
      `insert into tasks (site, title, order_id, state, state_since, closed_at, created_at)
       values ('main', 'call', $1, 'done', now(), now() - make_interval(days => $2::int), now() - interval '500 days')`,
      [`SO-${age}`, age],
    )
  await database.query(
    `insert into task_entries (site, task_id, at, kind) select site, id, created_at, 'create' from tasks`,
  )
  await deleteOldTasks(database)
  const left = await database.query<{ name: string }>('select order_id as name from tasks')
  expect(names(left)).toEqual(['SO-1', 'SO-100', 'SO-390', 'SO-80', 'SO-null'])
  expect(await database.query('select 1 from task_entries')).toHaveLength(5)
})

it('messages are deleted 90 days after they were written', async () => {
  for (const age of [1, 80, 100])
    await database.query(
      `insert into messages (site, id, channel_id, recipient, dedupe_key, message, priority, state, created_at, queued_at)
       values ('main', $1, 'inbox', 'ann', $1, '{}', 1, 'sent', now() - make_interval(days => $2::int), now())`,
      [`M-${age}`, age],
    )
  await deleteOldMessages(database)
  expect(names(await database.query<{ name: string }>('select id as name from messages'))).toEqual(['M-1', 'M-80'])
})

it('links to ended approvals are deleted 90 days after they expired, and those of running ones are kept', async () => {
  for (const outcome of ['approved', null]) {
    await database.query(
      `insert into approvals (site, order_id, process, stage, nth, entered_at, opened_at, flow, steps, requester_ids,
         outcome, waiting_since, waiting_for)
       values ('main', $1, 'p', 's', 1, now(), now(), '{}', '{}', '{}', $2, now(), '{}')`,
      [`SO-${outcome}`, outcome],
    )
    for (const age of [1, 80, 100])
      await database.query(
        `insert into approval_links (site, approval_id, step, person_id, hash, created_at, expires_at)
         select site, id, 0, $1, $2, now(), now() - make_interval(days => $3::int) from approvals where order_id = $4`,
        [`p-${age}`, `${outcome}-${age}`, age, `SO-${outcome}`],
      )
  }
  await deleteOldLinks(database)
  const left = await database.query<{ name: string }>('select hash as name from approval_links')
  expect(names(left)).toEqual(['approved-1', 'approved-80', 'null-1', 'null-100', 'null-80'])
})
