import { hash } from 'node:crypto'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import type { Drizzle } from '@stagewatch/db/drizzle-on.ts'
import { attempts } from '@stagewatch/db/people-schema.ts'
import { and, desc, eq, gt, inArray, lte, sql } from 'drizzle-orm'
import type { SQL, SQLWrapper } from 'drizzle-orm'
import { AppError } from '../app-error.ts'
import type { Clock } from '../clock/clock.ts'

/** A limit on repeated attempts. */
export type AttemptRule =
  /** At most `most` attempts within a window that begins with the first one. */
  | { readonly name: string; readonly kind: 'window'; readonly most: number; readonly windowMs: number }
  /**
   * `free` attempts at once, then one after each delay, which doubles every time; forgotten `forgetMs` after the last
   * one.
   */
  | {
      readonly name: string
      readonly kind: 'delay'
      readonly free: number
      readonly delayMs: number
      readonly maxDelayMs: number
      readonly forgetMs: number
    }

/** More rows than an installation needs; beyond the limit, rows that expire first are deleted. */
const maxRows = 100_000
const maxDoublings = 30

/**
 * Counts attempts in the database, so that all server instances share the counts and a restart keeps them. Counts are
 * kept per subject (`who`), so nobody is delayed by the attempts of others.
 */
export class Attempts {
  readonly #drizzle: Drizzle
  readonly #clock: Clock

  constructor(database: Queryable, clock: Clock) {
    this.#drizzle = drizzleOn(database)
    this.#clock = clock
  }

  /**
   * Counts an attempt before its outcome is known, so that concurrent attempts are limited like sequential ones.
   * @throws AppError `rate_limited` if it has to wait; it is not counted then.
   */
  async take(rule: AttemptRule, who: string): Promise<void> {
    if (!(await this.#count(rule, who, true))) await this.require(rule, who, 1)
  }

  /** Counts a failed attempt, even while further attempts are blocked. */
  async add(rule: AttemptRule, who: string): Promise<void> {
    await this.#count(rule, who, false)
  }

  /**
   * @throws AppError `rate_limited` while attempts are blocked.
   * @param leastS minimum wait if the block has just ended.
   */
  async require(rule: AttemptRule, who: string, leastS?: number): Promise<void> {
    const now = this.#clock.now()
    const [row] = await this.#drizzle
      .select({ blockedUntil: attempts.blockedUntil })
      .from(attempts)
      .where(and(eq(attempts.key, keyOf(rule, who)), gt(attempts.expiresAt, now)))
    const waitMs = (row?.blockedUntil ?? 0) - now
    // A delay never exceeds the lifetime of a count, unless the clock was set back since.
    const waitS = Math.max(leastS ?? 0, waitMs > lifetimeOf(rule) ? 0 : Math.ceil(waitMs / 1_000))
    if (waitS > 0) throw new AppError('rate_limited', 'too many attempts', { retryAfterS: waitS })
  }

  /** Resets the count after a success. */
  async forget(rule: AttemptRule, who: string): Promise<void> {
    await this.#drizzle.delete(attempts).where(eq(attempts.key, keyOf(rule, who)))
  }

  /** Stores a fact for a limited time, during which `isCached` returns true. */
  async remember(name: string, who: string, forMs: number): Promise<void> {
    const now = this.#clock.now()
    const expiresAt = now + forMs
    await this.#drizzle
      .insert(attempts)
      .values({ key: keyOf({ name }, who), count: 0, blockedUntil: now, expiresAt })
      .onConflictDoUpdate({ target: attempts.key, set: { expiresAt } })
  }

  async isCached(name: string, who: string): Promise<boolean> {
    const found = await this.#drizzle
      .select({ key: attempts.key })
      .from(attempts)
      .where(and(eq(attempts.key, keyOf({ name }, who)), gt(attempts.expiresAt, this.#clock.now())))
    return found.length > 0
  }

  async deleteExpired(): Promise<void> {
    await this.#drizzle.delete(attempts).where(lte(attempts.expiresAt, this.#clock.now()))
    const surplus = this.#drizzle
      .select({ key: attempts.key })
      .from(attempts)
      .orderBy(desc(attempts.expiresAt))
      .offset(maxRows)
    await this.#drizzle.delete(attempts).where(inArray(attempts.key, surplus))
  }

  /** @returns whether it was counted; with `unlessBlocked`, attempts are not counted while they are blocked. */
  async #count(rule: AttemptRule, who: string, unlessBlocked: boolean): Promise<boolean> {
    const now = this.#clock.now()
    const endsAt = now + lifetimeOf(rule)
    const [at, ends] = [sql.param(now, attempts.blockedUntil), sql.param(endsAt, attempts.expiresAt)]
    const isOver = sql`${attempts.expiresAt} <= ${at}`
    const newCount = sql`case when ${isOver} then 1 else ${attempts.count} + 1 end`
    const newEnds = rule.kind === 'window' ? sql`case when ${isOver} then ${ends} else ${attempts.expiresAt} end` : ends
    // Blocked beyond the end of the count: the clock was set back since.
    const isFree = sql`${attempts.blockedUntil} <= ${at} or ${isOver} or ${attempts.blockedUntil} > ${ends}`
    const counted = await this.#drizzle
      .insert(attempts)
      .values({
        key: keyOf(rule, who),
        count: 1,
        blockedUntil: blockedUntil(rule, now, sql`1`, ends),
        expiresAt: endsAt,
      })
      .onConflictDoUpdate({
        target: attempts.key,
        set: { count: newCount, blockedUntil: blockedUntil(rule, now, newCount, newEnds), expiresAt: sql`${newEnds}` },
        ...(unlessBlocked && { setWhere: isFree }),
      })
    return counted.rowCount > 0
  }
}

function lifetimeOf(rule: AttemptRule): number {
  return rule.kind === 'window' ? rule.windowMs : rule.forgetMs
}

/** Time until which the next attempt is blocked. @param ends end of the window, for a rule of that kind. */
function blockedUntil(rule: AttemptRule, now: number, count: SQL, ends: SQLWrapper): SQL {
  // Not the current time: an attempt at the same time, with a clock that is behind, would be blocked.
  const never = sql`to_timestamp(0)`
  if (rule.kind === 'window') return sql`case when ${count} < ${rule.most}::int then ${never} else ${ends} end`
  const { free, delayMs, maxDelayMs } = rule
  const doublings = sql`least(${count} - ${free}::int, ${maxDoublings}::int)`
  const delay = sql`least(${maxDelayMs}::float8, ${delayMs}::float8 * power(2, ${doublings}))`
  return sql`case when ${count} < ${free}::int then ${never} else to_timestamp((${now}::float8 + ${delay}) / 1000.0) end`
}

/** Hashed, so that the table contains no names and all keys have the same length. */
function keyOf({ name }: Pick<AttemptRule, 'name'>, who: string): string {
  return hash('sha256', `${name} ${who}`, 'hex')
}
