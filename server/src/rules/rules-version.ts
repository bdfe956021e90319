import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { sites } from '@stagewatch/db/schema.ts'
import { eq, sql } from 'drizzle-orm'
import { AppError } from '../platform/app-error.ts'

/** Where processes tell each other that a process definition has changed, or that orders were folded again. */
export const rulesChannel = 'stagewatch_rules'

/** The rules that an order was folded by are no longer those of the database: nothing of it may be written. */
export class StaleRulesError extends Error {
  override readonly name = 'StaleRulesError'

  constructor(site: string) {
    super(`the rules of the site ${site} have changed`)
  }
}

/** Any fixed number: first half of the key of the advisory locks on rules, whose second half is the site. */
const lockSpace = 7_246_002

const share = `select pg_advisory_xact_lock_shared(${lockSpace}, hashtext($1))::text`

/**
 * Keeps the rules as they are until the transaction ends, together with all others that fold.
 * @throws StaleRulesError when they are no longer those of `version`; AppError `not_found` when the site has gone.
 */
export async function requireRules(tx: Queryable, site: string, version: number): Promise<void> {
  // Two statements: one would see the database as it was before it waited for the lock.
  const [, [row]] = await Promise.all([
    tx.query(share, [site]),
    tx.query<{ version: number }>('select rules_version as version from sites where code = $1', [site]),
  ])
  if (row === undefined) throw new AppError('not_found', 'there is no such site', { field: 'site' })
  if (row.version !== version) throw new StaleRulesError(site)
}

/** Only the lock on the rules is waited for: what waits for anything else for longer gives way. */
const shareFirst = `
  select pg_advisory_xact_lock_shared(${lockSpace}, hashtext($1))::text as shared,
    set_config('lock_timeout', $2, true) as "givesWayAfter"`

/**
 * A division by zero unless the rules are those of the version, and the transaction that this one builds on was committed
 * on the same session: its number is a setting of the session, which is undone when it is rolled back.
 */
const requireBoth = `
  select 1 / (
      exists (select from sites where code = $1 and rules_version = $2::int)
      and ($3::text is null or current_setting('stagewatch.commit', true) = $3)
    )::int as "isCurrent",
    set_config('stagewatch.commit', $4, false) as number, pg_current_xact_id()::text as tx`

interface NumberedCommit {
  readonly number: number
  /** The transaction whose outcome this one takes for granted; undefined: none. */
  readonly after: number | undefined
  /** How long it may wait for locks of others, those on the rules excepted. */
  readonly givesWayAfterMs: number
}

/**
 * The same as `requireRules`, without waiting: the transaction fails when the rules are others, or when the one before it,
 * sent over the same session, has failed.
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

/** Waits for the transactions that fold by the rules as they are, and keeps others waiting until this one ends. */
export async function lockRules(tx: Queryable, site: string): Promise<void> {
  await drizzleOn(tx).execute(sql`select pg_advisory_xact_lock(${lockSpace}, hashtext(${site}))::text`)
}

const nextVersion = sql`${sites.rulesVersion} + 1`

/** From the commit on, every server instance reads rules and orders again. */
export async function raiseRules(tx: Queryable, site: string): Promise<void> {
  await drizzleOn(tx).update(sites).set({ rulesVersion: nextVersion }).where(eq(sites.code, site))
}

/** The same, and the orders that are there have to be folded again, by whichever instance comes to it. */
export async function requireRebuild(tx: Queryable, site: string): Promise<void> {
  await drizzleOn(tx)
    .update(sites)
    .set({ rulesVersion: nextVersion, rebuildVersion: nextVersion, rebuildOrigin: null, rebuildUntil: null })
    .where(eq(sites.code, site))
}

/** Wakes every server instance when the transaction commits. */
export async function announceRules(tx: Queryable, site: string): Promise<void> {
  await drizzleOn(tx).execute(sql`select pg_notify(${rulesChannel}, ${site})::text`)
}
