import type { Queryable, Work } from '@stagewatch/db/database.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'

/** Not bound by the policies of the tables is only who owns them. */
export const readerRole = 'stagewatch_reader'

/**
 * Reads for somebody: as a role that sees the rows of the site and of the departments and no others, whatever the
 * queries ask for. Where the database could not be given such a role, the queries alone keep to them.
 */
export function readAs<T>(
  database: Work,
  { site, departments }: { readonly site: string; readonly departments?: DepartmentScope },
  read: (tx: Queryable) => Promise<T>,
): Promise<T> {
  return database.transaction(async (tx) => {
    const scope = departments === undefined ? '*' : JSON.stringify(departments)
    // The seal keeps what runs as the reader from setting another site or other departments.
    // Settings of the transaction: on a connection that is shared, anything longer would be the next one's as well.
    await tx.query(
      `select set_config('stagewatch.site', $1, true), set_config('stagewatch.departments', $2, true),
         set_config('stagewatch.seal', stagewatch_seal($1, $2), true),
         (select set_config('role', rolname, true) from pg_roles where rolname = $3 and pg_has_role(oid, 'member'))`,
      [site, scope, readerRole],
    )
    return read(tx)
  })
}
