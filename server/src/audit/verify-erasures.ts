import type { AuditStream } from '@stagewatch/db/audit-schema.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import type { SealProblem } from '@stagewatch/shared/contract/audit.ts'

/** SQL for the hash over all rows `l` that a removal of personal data changed. */
const digest = `encode(sha256(coalesce(string_agg(
  convert_to(concat_ws(':', l.stream, l.position, l.before, l.after) || E'\\n', 'UTF8'), ''::bytea
  order by l.stream, l.position, l.id), ''::bytea)), 'hex')`

/** The hash that the record of changes keeps, so that no row can be changed under the pretext of a removal. */
export async function erasureDigest(db: Queryable, erasureId: string): Promise<string> {
  const [row] = await db.query<{ digest: string }>(
    `select ${digest} as digest from audit_leaves l where l.erasure_id = $1`,
    [erasureId],
  )
  if (row === undefined) throw new Error('an aggregate without a row')
  return row.digest
}

/** Rows that were changed although the record of changes does not say so, or says something else. */
export async function verifyErasures(db: Queryable): Promise<SealProblem[]> {
  const unexplained = await db.query<Omit<SealProblem, 'kind'> & { stream: AuditStream }>(
    `select l.site, min(l.stream) as stream, min(l.position)::text as position
     from audit_leaves l
     group by l.site, l.erasure_id
     having ${digest} is distinct from (
       select min(c.after ->> 'digest') from changes c
       where c.site = l.site and c.action = 'personal-data.erased' and c.subject = l.erasure_id)
     union all
     select site, stream, position::text from (
       select site, stream, position, before, lag(after) over (partition by stream, position order by id) as previous
       from audit_leaves) as l
     where previous <> before
     limit 1000`,
  )
  return unexplained.map((row) => ({ kind: 'redaction', ...row }))
}
