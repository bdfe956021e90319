import type { Queryable } from '@stagewatch/db/database.ts'
import { maxSealProblems } from '@stagewatch/shared/contract/audit.ts'
import type { AuditHead, SealProblem, VerificationReport } from '@stagewatch/shared/contract/audit.ts'
import { streamTables } from './audit-streams.ts'
import type { StreamTable } from './audit-streams.ts'
import { verifyErasures } from './verify-erasures.ts'
import { SealChecks } from './seal-checks.ts'
import type { CheckedRow } from './seal-checks.ts'

const rowsAtOnce = 5_000

/**
 * Recalculates every seal from the rows of the database, and yields the ratio that is done. A chain that was cut or
 * written anew is only noticed by comparing it with heads that were kept elsewhere, see `compareHeads`. What is found
 * wrong is checked a second time, because personal data may be removed meanwhile.
 */
export async function* verifySeals(
  db: Queryable,
  archives: ArchiveCheck = noArchives,
): AsyncGenerator<number, VerificationReport> {
  const report = yield* verifyOnce(db, archives)
  return report.problemCount === 0 ? report : yield* verifyOnce(db, archives)
}

/** Yields what is wrong with the files to which sealed events were moved. */
export type ArchiveCheck = (db: Queryable) => AsyncIterable<SealProblem>

async function* noArchives(): AsyncGenerator<SealProblem> {}

/** Compares the chain with heads that were kept elsewhere. */
export async function compareHeads(db: Queryable, heads: readonly AuditHead[]): Promise<SealProblem[]> {
  const differing = await db.query<{ index: number; hash: string | null }>(
    `select given.index::int as index, s.hash
     from unnest($1::text[], $2::text[], $3::int[], $4::text[]) with ordinality as given (site, stream, seq, hash, index)
     left join audit_seals s on s.site = given.site and s.stream = given.stream and s.seq = given.seq
     where s.hash is distinct from given.hash order by given.index`,
    [
      heads.map(({ site }) => site),
      heads.map(({ stream }) => stream),
      heads.map(({ seq }) => seq),
      heads.map(({ hash }) => hash),
    ],
  )
  return differing.flatMap(({ index, hash }) => {
    const head = heads[index - 1]
    if (head === undefined) return []
    const { site, stream, seq } = head
    return [{ kind: hash === null ? ('cut' as const) : ('rewritten' as const), site, stream, seq }]
  })
}

async function* verifyOnce(db: Queryable, archives: ArchiveCheck): AsyncGenerator<number, VerificationReport> {
  const problems: SealProblem[] = []
  let problemCount = 0
  const found = (problem: SealProblem) => {
    problemCount++
    if (problems.length < maxSealProblems) problems.push(problem)
  }
  const streams: VerificationReport['streams'] = []
  const total = Math.max(1, await countSealedRows(db))
  let done = 0
  for (const table of streamTables) {
    const checks = await SealChecks.open(db, table, found)
    for await (const rows of sealedRows(db, table)) {
      await checks.add(rows)
      done += rows.length
      yield Math.min(1, done / total)
    }
    for (const report of await checks.finish()) streams.push({ ...report, stream: table.name })
  }
  for (const problem of await verifyErasures(db)) found(problem)
  for await (const problem of archives(db)) found(problem)
  return { streams, problems, problemCount }
}

async function countSealedRows(db: Queryable): Promise<number> {
  const [row] = await db.query<{ rows: number }>('select sum(row_count)::float8 as rows from audit_seals')
  return row?.rows ?? 0
}

interface LoggedRow extends CheckedRow {
  readonly tx: string
}

/**
 * Everything up to where the stream is sealed, in the order of commits, in which the rows of a seal are close together.
 */
async function* sealedRows(db: Queryable, { name, position, leaf }: StreamTable): AsyncGenerator<CheckedRow[]> {
  const [end] = await db.query<{ tx: string; position: string }>(
    'select tx::text as tx, position::text as position from audit_cursors where stream = $1',
    [name],
  )
  if (end === undefined) return
  for (let from = { tx: '0', position: '-1' }; ;) {
    const rows = await db.query<LoggedRow>(
      `select r.site, r.${position}::text as position, r.tx::text as tx, encode(${leaf}, 'hex') as current,
         l.sealed, l.redacted
       from ${name} r left join lateral (
         select (array_agg(before order by id))[1] as sealed, (array_agg(after order by id desc))[1] as redacted
         from audit_leaves l where l.stream = '${name}' and l.position = r.${position}) as l on true
       where (r.tx, r.${position}) > ($1::text::xid8, $2::bigint) and (r.tx, r.${position}) <= ($3::text::xid8, $4::bigint)
       order by r.tx, r.${position} limit ${rowsAtOnce}`,
      [from.tx, from.position, end.tx, end.position],
    )
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows
    from = last
  }
}
