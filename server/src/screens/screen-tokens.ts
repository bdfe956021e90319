import { toInstant } from '@stagewatch/db/database.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { watching } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import { AppError } from '../app-error.ts'
import { recordChange } from '../catalog/changes-table.ts'
import type { Clock } from '../clock/clock.ts'
import { newScreenToken, secretHash } from './screen-secrets.ts'
import { findScreenByHash } from './screens-table.ts'
import type { ScreenKey, StoredScreen } from './screens-table.ts'

const rememberedMs = 5_000
const rememberedTokens = 10_000
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

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  /** Whether there was a screen with this token when it was last looked for. */
  hasBeenUsed(token: string): boolean {
    return this.#found.has(secretHash(token))
  }

  forget(): void {
    this.#found.clear()
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
    // The same conditions again, because another process may have been faster.
    const taken = await this.#database.query(
      `update screens set next_token_hash = $3, next_token_issued_at = ${toInstant('$4::float8')}
       where site = $1 and id = $2 and revoked_at is null and token_issued_at <= ${toInstant('$5::float8')}
         and (next_token_issued_at is null or next_token_issued_at <= ${toInstant('$6::float8')}) returning id`,
      [site, id, secretHash(token), now, oldAt, lostAt],
    )
    return taken.length > 0 ? token : undefined
  }

  async #find(tokenHash: string): Promise<StoredScreen | undefined> {
    const now = this.#clock.now()
    const found = this.#found.get(tokenHash)
    if (found !== undefined && found.until > now) return found.screen
    const screen = await findScreenByHash(this.#database, tokenHash)
    if (screen === undefined) {
      this.#found.delete(tokenHash)
      return undefined
    }
    if (this.#found.size >= rememberedTokens) this.#found.clear()
    this.#found.set(tokenHash, { screen, until: now + rememberedMs })
    return screen
  }

  async #promote(tokenHash: string, { site, id, ...before }: StoredScreen): Promise<void> {
    await this.#database.transaction(async (tx) => {
      const promoted = await tx.query<ScreenKey>(
        `update screens set token_hash = next_token_hash, token_issued_at = next_token_issued_at,
           next_token_hash = null, next_token_issued_at = null
         where site = $1 and id = $2 and next_token_hash = $3 and revoked_at is null returning site, id`,
        [site, id, tokenHash],
      )
      if (promoted.length === 0) {
        // A second connection with the same new token may have been faster.
        const current = await findScreenByHash(tx, tokenHash)
        if (current?.tokenHash === tokenHash) return
        throw new AppError('unauthorized', 'the token was replaced by another one')
      }
      await recordChange(tx, site, {
        changedAt: this.#clock.now(),
        actor: before.name,
        action: 'screen.rotated',
        subject: id,
        before: { tokenIssuedAt: before.tokenIssuedAt },
        after: { tokenIssuedAt: before.nextTokenIssuedAt },
      })
    })
    this.forget()
  }
}
