import type { Queryable } from '@stagewatch/db/database.ts'
import { messages } from '@stagewatch/db/channels-schema.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import type { ChannelMessage } from '@stagewatch/shared/contract/messages.ts'
import { and, inArray, notInArray, sql } from 'drizzle-orm'

/**
 * Paths of the pages that act for whoever has the token behind them, without a sign-in. Such a token is readable in the
 * database only while its message is waiting to be sent; afterwards, only its hash is stored, with what it is for.
 */
export const tokenPaths = { approval: '/approve/', stop: '/unsubscribe/' } as const

type TokenPath = (typeof tokenPaths)[keyof typeof tokenPaths]

const paths = Object.values(tokenPaths)

/** Makes the link of a message that is sent again after its token was removed. */
export type LinkRenewals = Readonly<Record<TokenPath, (tx: Queryable, again: SentAgain) => string | Promise<string>>>

export interface SentAgain {
  readonly site: string
  readonly id: string
  readonly message: ChannelMessage
  /** Epoch ms. */
  readonly now: number
}

/** The token in a link; undefined if there is none. */
export function tokenIn(link: string): string | undefined {
  const path = paths.find((one) => link.startsWith(one))
  return path === undefined || link.length === path.length ? undefined : link.slice(path.length)
}

/** The message as it is stored once nothing is sent from it any more: its link has no token. */
export function withoutToken(message: ChannelMessage): ChannelMessage {
  const path = paths.find((one) => message.link.startsWith(one))
  return path === undefined ? message : { ...message, link: path }
}

/** The message as it is sent again: with a link of its own if its token was removed. */
export async function withRenewedLink(
  tx: Queryable,
  again: SentAgain,
  renewals: LinkRenewals,
): Promise<ChannelMessage> {
  const { message } = again
  const path = paths.find((one) => message.link === one)
  return path === undefined ? message : { ...message, link: await renewals[path](tx, again) }
}

/** Bounds how many rows are locked at a time. */
const atOnce = 1_000

/**
 * Removes the tokens from messages that nothing is sent from any more, and that still have them: those that an earlier
 * version has settled, and those that were waiting when a backup was made that was restored since.
 */
export async function removeLeftTokens(db: Queryable): Promise<void> {
  for (const path of paths) while ((await removeSome(db, path)) === atOnce);
}

async function removeSome(db: Queryable, path: TokenPath): Promise<number> {
  const link = sql`${messages.message}->>'link'`
  const isLeft = and(
    notInArray(messages.state, ['queued', 'retried', 'sending']),
    sql`starts_with(${link}, ${path}) and ${link} <> ${path}`,
  )
  const some = drizzleOn(db).select({ id: messages.id }).from(messages).where(isLeft).limit(atOnce)
  const { rowCount } = await drizzleOn(db)
    .update(messages)
    .set({ message: sql`jsonb_set(${messages.message}, '{link}', to_jsonb(${path}::text))` })
    .where(and(inArray(messages.id, some), isLeft))
  return rowCount
}
