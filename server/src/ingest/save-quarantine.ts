import type { Queryable } from '@stagewatch/db/database.ts'
import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'

/** An event that was not taken, kept so that somebody can mend it and send it again. */
export interface RejectedEvent {
  /** Who sent it. */
  readonly sender: string
  readonly code: ProblemCode
  readonly field?: string | undefined
  readonly message: string
  /** As it came. */
  readonly raw: unknown
}

/** A single event may fill a whole request; more of it helps nobody. */
const rawLimit = 64 * 1024

const insertRejected = `
  insert into quarantine (site, sender, code, field, message, raw)
  select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])`

export async function saveQuarantine(tx: Queryable, site: string, rejected: readonly RejectedEvent[]): Promise<void> {
  if (rejected.length === 0) return
  await tx.query(insertRejected, [
    site,
    rejected.map((event) => event.sender),
    rejected.map((event) => event.code),
    rejected.map((event) => event.field ?? null),
    rejected.map((event) => event.message),
    rejected.map((event) => rawText(event.raw)),
  ])
}

/** JSON escapes what a text column cannot hold: NUL and lone surrogates. */
function rawText(raw: unknown): string {
  const text = JSON.stringify(raw) ?? 'null'
  return text.length <= rawLimit ? text : text.slice(0, rawLimit).toWellFormed()
}
