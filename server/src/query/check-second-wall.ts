import type { Queryable } from '@stagewatch/db/database.ts'
import type { DoctorReport } from '@stagewatch/shared/contract/admin.ts'
import { readerRole } from '../access/read-as.ts'

/** Whether what is read for somebody is bounded by the database as well. */
export async function secondWallStands(db: Queryable): Promise<DoctorReport['checks'][number]> {
  const [row] = await db.query<{ canBeReader: boolean; isOwner: boolean }>(
    `select exists (select from pg_roles where rolname = $1 and pg_has_role(oid, 'member')) as "canBeReader",
       (select pg_has_role(relowner, 'member') from pg_class where oid = 'orders'::regclass) as "isOwner"`,
    [readerRole],
  )
  const ok = row?.canBeReader === true && row.isOwner
  const message = ok
    ? 'what is read for people is bounded by row security too'
    : row?.isOwner === false
      ? 'the tables belong to another role than the one of DATABASE_URL, which therefore sees no rows'
      : `there is no row security for people: a superuser has to run "create role ${readerRole}; grant ${readerRole} to <user>; grant select on orders, visits, events, corrections, changes, stage_hours to ${readerRole}"`
  return { name: 'row security', ok, message }
}
