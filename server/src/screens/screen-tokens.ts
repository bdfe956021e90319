import type { Database } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { screens } from '@stagewatch/db/screens-schema.ts'
import { and, eq, isNull, lte, or, sql } from 'drizzle-orm'
import type { Logger } from 'pino'
import { watching } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import { widenDepartments } from '../access/widened-departments.ts'
import { AppError } from '../platform/app-error.ts'
import { BriefCache } from '../platform/brief-cache.ts'
import { recordChange } from '../access/changes-table.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { newScreenToken, secretHash } from './screen-secrets.ts'
import { findScreenByHash, isScreen } from './screens-table.ts'
import type { ScreenKey, StoredScreen } from './screens-table.ts'

const cachedMs = 5_000
const rotateAfterMs = 7 * 86_400_000
/**
 * A browser writes its storage to the disk up to a minute later: if power fails earlier, the screen comes back with its
 * old token. A new token that is used later than this after it was issued is on the disk, and only then replaces it.
 */
const storedAfterMs = 5 * 60_000
/** A new token that did not replace the old one within this time was lost, on its way or by the screen. */
const rotateAgainAfterMs = 3_600_000

export interface IssuedToken {
  readonly token: string
  /** The new token that this one replaces: the screen went on with its old one. */
  readonly replacesLost: boolean
}

/** As harmless as a power cut; but an old token that was copied would look the same. */
export function warnOfLostToken(logger: Pick<Logger, 'warn'>, { site, id }: ScreenKey): void {
  logger.warn(
    { site, screen: id },
    'a screen has not used its new token and gets another one: it lost power, or its old token was copied',
  )
}

interface Found {
  readonly screen: StoredScreen
  /** All texts with which events name its departments; undefined if it shows all departments. */
  readonly departments: readonly string[] | undefined
}

/** The tokens of the screens of all sites. Valid ones are cached briefly, until something changes. */
export class ScreenTokens {
  readonly #database: Database
  readonly #clock: Clock
  readonly #found: BriefCache<Found>

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
    this.#found = new BriefCache(clock, cachedMs)
  }

  /** Size and limit of the cache. */
  get usage() {
    return this.#found.usage
  }

  /** Called when screens have changed: each is looked up again at its next use. */
  expire(): void {
    this.#found.expire()
  }

  /** The screen with the token, as a caller; undefined if there is none, or it was revoked. */
  async find(token: string): Promise<Caller | undefined> {
    const found = await this.#find(secretHash(token))
    if (found === undefined) return undefined
    const { id, name, site, settings } = found.screen
    const { privacy } = settings
    const { departments } = found
    return { kind: 'screen', id, name, site, actions: watching, privacy, ...(departments && { departments }) }
  }

  /**
   * The screen that connects with the token. A new token becomes the only valid one as soon as it is certain that the
   * screen has stored it; until then, both are valid.
   * @throws AppError `unauthorized` when the token is no longer valid.
   */
  async admit(token: string): Promise<StoredScreen> {
    const tokenHash = secretHash(token)
    const screen = (await this.#find(tokenHash))?.screen
    if (screen === undefined) throw new AppError('unauthorized', 'the screen was revoked')
    if (!(await this.settle(screen, token))) throw new AppError('unauthorized', 'the token was replaced by a newer one')
    return screen
  }

  /**
   * Makes a new token the only valid one if the screen, which uses it now, has certainly stored it. Called for every
   * new connection and every report. False: the token is no longer valid.
   */
  async settle(screen: StoredScreen, token: string): Promise<boolean> {
    const { tokenHash, nextTokenIssuedAt } = screen
    if (nextTokenIssuedAt === undefined || this.#clock.now() - nextTokenIssuedAt < storedAfterMs) return true
    const used = secretHash(token)
    return tokenHash === used || this.#promote(used, screen)
  }

  /**
   * A new token for a screen that has connected with `used`, if one is due. It is returned once, and replaces the old
   * one when the screen has stored it.
   */
  async rotate(screen: StoredScreen, used: string): Promise<IssuedToken | undefined> {
    const { tokenIssuedAt, nextTokenIssuedAt } = screen
    const now = this.#clock.now()
    const [oldAt, lostAt] = [now - rotateAfterMs, now - rotateAgainAfterMs]
    if (tokenIssuedAt === undefined || tokenIssuedAt > oldAt || (nextTokenIssuedAt ?? 0) > lostAt) return undefined
    // A new token that is in use was not lost, it only has not replaced the old one yet.
    if (screen.tokenHash !== secretHash(used)) return undefined
    const token = newScreenToken()
    // Repeats the conditions, because another server instance may have been faster.
    const isDue = and(
      lte(screens.tokenIssuedAt, oldAt),
      or(isNull(screens.nextTokenIssuedAt), lte(screens.nextTokenIssuedAt, lostAt)),
    )
    const taken = await drizzleOn(this.#database)
      .update(screens)
      .set({ nextTokenHash: secretHash(token), nextTokenIssuedAt: now })
      .where(and(isScreen(screen), isNull(screens.revokedAt), isDue))
    return taken.rowCount > 0 ? { token, replacesLost: nextTokenIssuedAt !== undefined } : undefined
  }

  #find(tokenHash: string): Promise<Found | undefined> {
    return this.#found.find(tokenHash, async () => {
      const screen = await findScreenByHash(this.#database, tokenHash)
      if (screen === undefined) return undefined
      if (screen.confirmedAt === undefined) await this.#confirm(screen)
      const { departments: given } = screen.settings
      const departments = given && (await widenDepartments(this.#database, screen.site, given))
      return { screen, departments }
    })
  }

  /** Records that the screen has received its token; until now, it was only known to be sent. */
  async #confirm({ site, id, name }: StoredScreen): Promise<void> {
    const now = this.#clock.now()
    await this.#database.transaction(async (tx) => {
      const confirmed = await drizzleOn(tx)
        .update(screens)
        .set({ confirmedAt: now })
        .where(and(isScreen({ site, id }), isNull(screens.confirmedAt), isNull(screens.revokedAt)))
      // Another server instance may have been faster.
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

  /** False if it is not the new token any more. */
  async #promote(tokenHash: string, { site, id, ...before }: StoredScreen): Promise<boolean> {
    const isValid = await this.#database.transaction(async (tx) => {
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
        return current?.tokenHash === tokenHash
      }
      await recordChange(tx, site, {
        changedAt: this.#clock.now(),
        actor: { kind: 'screen', name: before.name },
        action: 'screen.rotated',
        subject: id,
        before: { tokenIssuedAt: before.tokenIssuedAt },
        after: { tokenIssuedAt: before.nextTokenIssuedAt },
      })
      return true
    })
    this.expire()
    return isValid
  }
}
