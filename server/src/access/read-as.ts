import type { Queryable, Work } from '@stagewatch/db/database.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'

/** Only the owner of the tables bypasses their row policies. */
export const readerRole = 'stagewatch_reader'

/** The tables that the role may read, all with row policies. */
export const readerTables = [
  'orders',
  'visits',
  'events',
  'corrections',
  'changes',
  'stage_hours',
  'alert_rules',
  'alerts',
  'alert_log',
  'approvals',
  'tasks',
  'task_entries',
  'handovers',
  'handover_notes',
] as const

/**
 * Reads on behalf of a caller, as a database role that can see only rows of the site and the departments, whatever the
 * queries ask for. If the database could not be given such a role, only the queries restrict the rows.
 */
export function readAs<T>(
  database: Work,
  { site, departments }: { readonly site: string; readonly departments?: DepartmentScope },
  read: (tx: Queryable) => Promise<T>,
): Promise<T> {
  return database.transaction(async (tx) => {
    const scope = departments === undefined ? '*' : JSON.stringify(departments)
    // The seal prevents queries of the reader role from setting another site or other departments. The settings are
    // local to the transaction: on a shared connection, anything longer would leak to the next user.
    await tx.query(
      `select set_config('stagewatch.site', $1, true), set_config('stagewatch.departments', $2, true),
         set_config('stagewatch.seal', stagewatch_seal($1, $2), true),
         (select set_config('role', rolname, true) from pg_roles where rolname = $3 and pg_has_role(oid, 'member'))`,
      [site, scope, readerRole],
    )
    return read(tx)
  })
}
