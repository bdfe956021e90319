import type { Database } from '@stagewatch/db/database.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { ScreenNews } from './screen-news.ts'
import { ScreenPresence } from './screen-presence.ts'
import { ScreenTokens } from './screen-tokens.ts'

/** Dependencies of all operations on screens. */
export interface ScreenContext {
  readonly database: Database
  readonly clock: Clock
  readonly tokens: ScreenTokens
  readonly presence: ScreenPresence
  readonly news: ScreenNews
}

export function createScreenContext(database: Database, clock: Clock): ScreenContext {
  const tokens = new ScreenTokens(database, clock)
  const news = new ScreenNews()
  news.listen(() => tokens.expire())
  return { database, clock, tokens, presence: new ScreenPresence(), news }
}
