import { hash } from 'node:crypto'
import { epochMs, toInstant } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { AppError } from '../app-error.ts'
import type { Clock } from '../clock/clock.ts'

/** What may be tried only so often. */
export type AttemptRule =
  /** At most so many within a window that begins with the first one. */
  | { readonly name: string; readonly kind: 'window'; readonly most: number; readonly windowMs: number }
  /** So many at once, then each one after a delay that doubles with each; forgotten so long after the last one. */
  | {
      readonly name: string
      readonly kind: 'delay'
      readonly free: number
      readonly delayMs: number
      readonly maxDelayMs: number
      readonly forgetMs: number
    }

/** More rows than an installation needs; beyond them those go that would be forgotten first. */
const maxRows = 100_000
const maxDoublings = 30

/**
 * Counts attempts in the database, so that all server instances count together and a restart forgets nothing. Each
 * count is kept for somebody: whoever is counted keeps nobody else waiting.
 */
export class Attempts {
  readonly #database: Queryable
  readonly #clock: Clock

  constructor(database: Queryable, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  /**
   * Counts an attempt before it is known how it ends, so that many at once are no more than many in a row.
   * @throws AppError `rate_limited` when it has to wait; then it does not count.
   */
  async take(rule: AttemptRule, who: string): Promise<void> {
    if (!(await this.#count(rule, who, true))) await this.require(rule, who, 1)
  }

  /** Counts an attempt that failed, also while others have to wait. */
  async add(rule: AttemptRule, who: string): Promise<void> {
    await this.#count(rule, who, false)
  }

  /** @throws AppError `rate_limited` while attempts have to wait. @param leastS to wait when the count has just ended. */
  async require(rule: AttemptRule, who: string, leastS?: number): Promise<void> {
    const now = this.#clock.now()
    const [row] = await this.#database.query<{ blockedUntil: number }>(
      `select ${epochMs('blocked_until')} as "blockedUntil" from attempts where key = $1 and expires_at > ${toInstant('$2::float8')}`,
      [keyOf(rule, who), now],
    )
    const waitMs = (row?.blockedUntil ?? 0) - now
    // No delay is longer than what is remembered, unless the clock was set back since.
    const waitS = Math.max(leastS ?? 0, waitMs > lifetimeOf(rule) ? 0 : Math.ceil(waitMs / 1_000))
    if (waitS > 0) throw new AppError('rate_limited', 'too many attempts', { retryAfterS: waitS })
  }

  /** It went right in the end. */
  async forget(rule: AttemptRule, who: string): Promise<void> {
    await this.#database.query('delete from attempts where key = $1', [keyOf(rule, who)])
  }

  /** Keeps a fact for a while: `isCached` until then. */
  async remember(name: string, who: string, forMs: number): Promise<void> {
    const now = this.#clock.now()
    await this.#database.query(
      `insert into attempts (key, count, blocked_until, expires_at)
       values ($1, 0, ${toInstant('$2::float8')}, ${toInstant('$3::float8')})
       on conflict (key) do update set expires_at = excluded.expires_at`,
      [keyOf({ name }, who), now, now + forMs],
    )
  }

  async isCached(name: string, who: string): Promise<boolean> {
    const found = await this.#database.query(
      `select from attempts where key = $1 and expires_at > ${toInstant('$2::float8')}`,
      [keyOf({ name }, who), this.#clock.now()],
    )
    return found.length > 0
  }

  async deleteExpired(): Promise<void> {
    await this.#database.query(`delete from attempts where expires_at <= ${toInstant('$1::float8')}`, [
      this.#clock.now(),
    ])
    await this.#database.query(
      `delete from attempts where key in (select key from attempts order by expires_at desc offset $1)`,
      [maxRows],
    )
  }

  /** @returns whether it was counted: not while attempts wait, if `unlessBlocked`. */
  async #count(rule: AttemptRule, who: string, unlessBlocked: boolean): Promise<boolean> {
    const [free, delayMs, maxDelayMs] =
      rule.kind === 'window' ? [rule.most, rule.windowMs, rule.windowMs] : [rule.free, rule.delayMs, rule.maxDelayMs]
    const counted = await this.#database.query(
      `insert into attempts as a (key, count, blocked_until, expires_at)
       values ($1, 1, ${blockedUntil('1', ends)}, ${ends})
       on conflict (key) do update set count = ${newCount}, expires_at = ${newEnds},
         blocked_until = ${blockedUntil(newCount, newEnds)}
       where not $8::boolean or a.blocked_until <= ${at} or a.expires_at <= ${at} or a.blocked_until > ${ends}
       returning a.key`,
      [
        keyOf(rule, who),
        this.#clock.now(),
        lifetimeOf(rule),
        free,
        delayMs,
        maxDelayMs,
        rule.kind === 'window',
        unlessBlocked,
      ],
    )
    return counted.length > 0
  }
}

function lifetimeOf(rule: AttemptRule): number {
  return rule.kind === 'window' ? rule.windowMs : rule.forgetMs
}

// Parts of the statement in `#count`, whose parameters are: $2 now, $3 lifetime, $4 free, $5 delay, $6 longest delay,
// all in ms, $7 whether it is a window.
const at = toInstant('$2::float8')
const ends = toInstant('($2::float8 + $3::float8)')
const newCount = `case when a.expires_at <= ${at} then 1 else a.count + 1 end`
const newEnds = `case when $7::boolean and a.expires_at > ${at} then a.expires_at else ${ends} end`

function blockedUntil(count: string, windowEnds: string): string {
  const doublings = `least((${count}) - $4::int, ${maxDoublings})`
  const delayed = toInstant(`($2::float8 + least($6::float8, $5::float8 * power(2, ${doublings})))`)
  return `case when (${count}) < $4::int then ${at} when $7::boolean then ${windowEnds} else ${delayed} end`
}

/** Hashed, so that the table names nobody and no key is longer than any other. */
function keyOf({ name }: Pick<AttemptRule, 'name'>, who: string): string {
  return hash('sha256', `${name} ${who}`, 'hex')
}
