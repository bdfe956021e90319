import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { sites } from '@stagewatch/db/schema.ts'
import { eq, sql } from 'drizzle-orm'
import { AppError } from '../platform/app-error.ts'

/** Channel on which server instances notify each other that rules have changed or orders were folded again. */
export const rulesChannel = 'stagewatch_rules'

/** The rules by which an order was folded are no longer current in the database: the result must not be written. */
export class StaleRulesError extends Error {
  override readonly name = 'StaleRulesError'

  constructor(site: string) {
    super(`the rules of the site ${site} have changed`)
  }
}

/** Any fixed number: first half of the advisory lock keys of rules; the second half is the site. */
const lockSpace = 7_246_002

const share = `select pg_advisory_xact_lock_shared(${lockSpace}, hashtext($1))::text`

/**
 * Keeps the rules unchanged until the transaction ends. The lock is shared by all transactions that fold.
 * @throws StaleRulesError when `version` is no longer current; AppError `not_found` when the site no longer exists.
 */
export async function requireRules(tx: Queryable, site: string, version: number): Promise<void> {
  // Two statements, because a single one would see the database as of before it waited for the lock.
  const [, [row]] = await Promise.all([
    tx.query(share, [site]),
    tx.query<{ version: number }>('select rules_version as version from sites where code = $1', [site]),
  ])
  if (row === undefined) throw new AppError('not_found', 'there is no such site', { field: 'site' })
  if (row.version !== version) throw new StaleRulesError(site)
}

/** The lock on the rules may be waited for without limit; `lock_timeout` applies to all later locks. */
const shareFirst = `
  select pg_advisory_xact_lock_shared(${lockSpace}, hashtext($1))::text as shared,
    set_config('lock_timeout', $2, true) as "givesWayAfter"`

/**
 * Divides by zero unless the rules have the expected version and the transaction that this one builds on was committed
 * in the same session: the number of that transaction is a session setting, which a rollback undoes.
 */
const requireBoth = `
  select 1 / (
      exists (select from sites where code = $1 and rules_version = $2::int)
      and ($3::text is null or current_setting('stagewatch.commit', true) = $3)
    )::int as "isCurrent",
    set_config('stagewatch.commit', $4, false) as number, pg_current_xact_id()::text as tx`

interface NumberedCommit {
  readonly number: number
  /** The transaction that must have been committed before this one; undefined if none. */
  readonly after: number | undefined
  /** Maximum wait for locks of others, except for the lock on the rules. */
  readonly givesWayAfterMs: number
}

/**
 * Like `requireRules`, but does not wait for the result: the transaction fails when the rules have changed, or when the
 * transaction before it in the same session has failed.
 * @returns the id of the transaction, once it is known.
 */
export function sendRequirements(
  tx: Queryable,
  site: string,
  version: number,
  { number, after, givesWayAfterMs }: NumberedCommit,
): Promise<string> {
  void tx.query(shareFirst, [site, String(givesWayAfterMs)]).catch(() => undefined)
  const before = after === undefined ? null : String(after)
  return tx.query<{ tx: string }>(requireBoth, [site, version, before, String(number)]).then(([row]) => {
    if (row === undefined) throw new Error('a transaction without an id')
    return row.tx
  })
}

/** Waits for transactions that fold by the current rules, and blocks others until this one ends. */
export async function lockRules(tx: Queryable, site: string): Promise<void> {
  await drizzleOn(tx).execute(sql`select pg_advisory_xact_lock(${lockSpace}, hashtext(${site}))::text`)
}

const nextVersion = sql`${sites.rulesVersion} + 1`

/** After the commit, every server instance reads rules and orders again. */
export async function raiseRules(tx: Queryable, site: string): Promise<void> {
  await drizzleOn(tx).update(sites).set({ rulesVersion: nextVersion }).where(eq(sites.code, site))
}

/** Like `raiseRules`, and existing orders must be folded again, by any one of the instances. */
export async function requireRebuild(tx: Queryable, site: string): Promise<void> {
  await drizzleOn(tx)
    .update(sites)
    .set({ rulesVersion: nextVersion, rebuildVersion: nextVersion, rebuildOrigin: null, rebuildUntil: null })
    .where(eq(sites.code, site))
}

/** Notifies every server instance when the transaction commits. */
export async function announceRules(tx: Queryable, site: string): Promise<void> {
  await drizzleOn(tx).execute(sql`select pg_notify(${rulesChannel}, ${site})::text`)
}
