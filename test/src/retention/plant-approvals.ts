import type { Database } from '@stagewatch/db/database.ts'

/**
 * Ended approvals of every other order, in two steps: asked by Wang, handed over once, decided with a comment after
 * some hours. Every third one was rejected. Each has a link.
 */
export async function plantApprovals(database: Database): Promise<void> {
  const person = (id: string) => ({ kind: 'person', id })
  const all = { kind: 'all' }
  const steps = [
    { approvers: [person('li'), person('zhao')], quorum: all },
    { approvers: [{ kind: 'lead', department: 'quality' }], quorum: { kind: 'any' }, when: { amount: { from: 2 } } },
  ]
  const flow = { steps, returnTo: 'picking' }
  await database.query(
    `insert into approvals (site, order_id, process, stage, nth, entered_at, opened_at, flow, steps, requester,
       requester_ids, outcome, ended_at, moved_at, waiting_since, waiting_for)
     select site, order_id, process, 'picking', 1, placed_at, placed_at + interval '10 minutes', $1::text::jsonb, '{0,1}',
       'Wang', '{wang}', case when split_part(order_id, '-', 2)::int % 3 = 0 then 'rejected' else 'approved' end,
       placed_at + interval '20 minutes' + split_part(order_id, '-', 2)::int * interval '3 minutes',
       placed_at + interval '1 hour', placed_at, '{}'
     from orders where site = 'main' and split_part(order_id, '-', 2)::int % 2 = 0 order by order_id`,
    [JSON.stringify(flow)],
  )
  await database.query(
    `insert into approval_entries (site, approval_id, at, kind, step, slot, by_id, by_name, to_id, to_name, how, comment)
     select site, id, opened_at, 'delegated', 0, 1, 'zhao', 'Zhao', 'chen', 'Chen', null, null from approvals
     union all
     select site, id, ended_at, outcome, 0, 0, 'li', 'Li', null, null, 'desk', order_id || ' is fine' from approvals`,
  )
  await database.query(
    `insert into approval_links (site, approval_id, step, person_id, hash, created_at, expires_at)
     select site, id, 0, 'li', 'token of ' || order_id, opened_at, opened_at + interval '7 days' from approvals`,
  )
}
