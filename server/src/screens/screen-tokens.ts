import type { Database } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { screens } from '@stagewatch/db/screens-schema.ts'
import { and, eq, isNull, lte, or, sql } from 'drizzle-orm'
import { watching } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import { AppError } from '../platform/app-error.ts'
import { recordChange } from '../access/changes-table.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { newScreenToken, secretHash } from './screen-secrets.ts'
import { findScreenByHash, isScreen } from './screens-table.ts'
import type { StoredScreen } from './screens-table.ts'

const cachedMs = 5_000
const cachedTokens = 10_000
const rotateAfterMs = 7 * 86_400_000
/** A new token that nobody has used by then was lost on its way. */
const rotateAgainAfterMs = 3_600_000

interface Found {
  readonly screen: StoredScreen
  readonly until: number
}

/** The tokens of the screens of all sites. Found ones are remembered for a moment, until something changes. */
export class ScreenTokens {
  readonly #database: Database
  readonly #clock: Clock
  readonly #found = new Map<string, Found>()
  /** Counts how often something has changed, so that what was read before is not remembered after. */
  #changes = 0

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  /** Of the tokens that are remembered. */
  get usage() {
    return { size: this.#found.size, limit: cachedTokens }
  }

  /** Screens have changed: each is looked up again when it shows its token. It stays known as one that has been used. */
  expire(): void {
    this.#changes += 1
    for (const [digest, { screen }] of this.#found) this.#found.set(digest, { screen, until: 0 })
  }

  /** Who shows the token; undefined: there is no such screen, or it was revoked. */
  async find(token: string): Promise<Caller | undefined> {
    const screen = await this.#find(secretHash(token))
    if (screen === undefined) return undefined
    const { id, name, site, settings } = screen
    const { departments, privacy } = settings
    return { kind: 'screen', id, name, site, actions: watching, privacy, ...(departments && { departments }) }
  }

  /**
   * The screen that connects with the token. Its first use makes a new token the only one, before the screen hears
   * that it is connected: from then on it keeps no other.
   * @throws AppError `unauthorized` when the token has died meanwhile.
   */
  async admit(token: string): Promise<StoredScreen> {
    const tokenHash = secretHash(token)
    const screen = await this.#find(tokenHash)
    if (screen === undefined) throw new AppError('unauthorized', 'the screen was revoked')
    if (screen.tokenHash !== tokenHash) await this.#promote(tokenHash, screen)
    return screen
  }

  /** A new token, if it is time for one; it is returned once, and takes the place of the old one when it is used. */
  async rotate({ site, id, tokenIssuedAt, nextTokenIssuedAt }: StoredScreen): Promise<string | undefined> {
    const now = this.#clock.now()
    const [oldAt, lostAt] = [now - rotateAfterMs, now - rotateAgainAfterMs]
    if (tokenIssuedAt === undefined || tokenIssuedAt > oldAt || (nextTokenIssuedAt ?? 0) > lostAt) return undefined
    const token = newScreenToken()
    // The same conditions again, because another server instance may have been faster.
    const isDue = and(
      lte(screens.tokenIssuedAt, oldAt),
      or(isNull(screens.nextTokenIssuedAt), lte(screens.nextTokenIssuedAt, lostAt)),
    )
    const taken = await drizzleOn(this.#database)
      .update(screens)
      .set({ nextTokenHash: secretHash(token), nextTokenIssuedAt: now })
      .where(and(isScreen({ site, id }), isNull(screens.revokedAt), isDue))
    return taken.rowCount > 0 ? token : undefined
  }

  async #find(tokenHash: string): Promise<StoredScreen | undefined> {
    const now = this.#clock.elapsed()
    const found = this.#found.get(tokenHash)
    if (found !== undefined && found.until > now) return found.screen
    const changes = this.#changes
    const screen = await findScreenByHash(this.#database, tokenHash)
    if (screen === undefined) {
      this.#found.delete(tokenHash)
      return undefined
    }
    if (screen.confirmedAt === undefined) await this.#confirm(screen)
    if (this.#found.size >= cachedTokens) this.#found.clear()
    this.#found.set(tokenHash, { screen, until: changes === this.#changes ? now + cachedMs : 0 })
    return screen
  }

  /** Only now is it sure that the screen has got its token, and not only that the token was sent. */
  async #confirm({ site, id, name }: StoredScreen): Promise<void> {
    const now = this.#clock.now()
    await this.#database.transaction(async (tx) => {
      const confirmed = await drizzleOn(tx)
        .update(screens)
        .set({ confirmedAt: now })
        .where(and(isScreen({ site, id }), isNull(screens.confirmedAt), isNull(screens.revokedAt)))
      // Another process may have been faster.
      if (confirmed.rowCount === 0) return
      await recordChange(tx, site, {
        changedAt: now,
        actor: { kind: 'screen', name },
        action: 'screen.confirmed',
        subject: id,
        before: undefined,
        after: { confirmedAt: now },
      })
    })
  }

  async #promote(tokenHash: string, { site, id, ...before }: StoredScreen): Promise<void> {
    await this.#database.transaction(async (tx) => {
      const promoted = await drizzleOn(tx)
        .update(screens)
        .set({
          tokenHash: sql`${screens.nextTokenHash}`,
          tokenIssuedAt: sql`${screens.nextTokenIssuedAt}`,
          nextTokenHash: null,
          nextTokenIssuedAt: null,
        })
        .where(and(isScreen({ site, id }), eq(screens.nextTokenHash, tokenHash), isNull(screens.revokedAt)))
      if (promoted.rowCount === 0) {
        // A second connection with the same new token may have been faster.
        const current = await findScreenByHash(tx, tokenHash)
        if (current?.tokenHash === tokenHash) return
        throw new AppError('unauthorized', 'the token was replaced by another one')
      }
      await recordChange(tx, site, {
        changedAt: this.#clock.now(),
        actor: { kind: 'screen', name: before.name },
        action: 'screen.rotated',
        subject: id,
        before: { tokenIssuedAt: before.tokenIssuedAt },
        after: { tokenIssuedAt: before.nextTokenIssuedAt },
      })
    })
    this.expire()
  }
}
