import type { Database } from '@stagewatch/db/database.ts'
import type { DoctorReport } from '@stagewatch/shared/contract/admin.ts'
import type { StatusCheck } from '@stagewatch/shared/contract/server-status.ts'
import { plural } from '../platform/english-text.ts'

/** A line of `doctor`, in English, and the same for a page that has its own texts. */
export type Check = DoctorReport['checks'][number] & StatusCheck

/** A server instance ends its own transactions earlier, see the limits of its sessions. */
const defaultLongOpenS = 10

interface OpenTransaction {
  /** Description of who has it open. */
  readonly owner: string
  readonly openS: number
}

const longOpen = (longOpenS: number): string => `
  select owner, openS as "openS" from (
    select format('a transaction of %s (%s, process %s)', usename, coalesce(nullif(application_name, ''), 'unnamed'), pid)
      as owner, extract(epoch from clock_timestamp() - xact_start)::float8 as openS
    from pg_stat_activity where datname = current_database() and backend_xid is not null
    union all
    select format('the prepared transaction %L of %s', gid, owner), extract(epoch from clock_timestamp() - prepared)::float8
    from pg_prepared_xacts where database = current_database()) as open
  where openS >= ${longOpenS} order by openS desc limit 1`

/**
 * Other server instances read the log only up to the oldest open transaction that has written to this database, whoever
 * opened it.
 */
export async function noTransactionHoldsLog(
  database: Database,
  longOpenS = defaultLongOpenS,
): Promise<(DoctorReport['checks'][number] & StatusCheck)[]> {
  if (database.kind === 'embedded') return []
  const [foreign] = await database.query<{ count: number }>(
    'select count(*)::int as count from events where tx >= pg_snapshot_xmax(pg_current_snapshot())',
  )
  if ((foreign?.count ?? 0) > 0) {
    const message = `${plural(foreign?.count ?? 0, 'event has', 'events have')} transaction ids of another database server, probably from a dump by pg_dump: other servers do not read ${foreign?.count === 1 ? 'it' : 'them'}; use stagewatch backup and restore instead`
    return [{ name: 'transactions', ok: false, message, finding: 'transactions_foreign', count: foreign?.count }]
  }
  const [open] = await database.query<OpenTransaction>(longOpen(longOpenS))
  if (open === undefined) {
    const message = `none has been open for ${longOpenS} s`
    return [{ name: 'transactions', ok: true, message, finding: 'transactions_none' }]
  }
  const message = `${open.owner} has been open for ${Math.round(open.openS)} s: until it ends, other servers do not show the events that a server has stored since`
  return [{ name: 'transactions', ok: false, message, finding: 'transaction_open', ms: open.openS * 1_000 }]
}
