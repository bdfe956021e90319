import { customerMails } from '@stagewatch/db/customer-news-schema.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { maxMailsPerDay } from '@stagewatch/shared/contract/customer-news.ts'
import { LocalDays } from '@stagewatch/shared/domain/local-days.ts'
import { and, desc, eq, gt, isNotNull } from 'drizzle-orm'
import type { NewJob } from '../platform/jobs.ts'

const dayMs = 24 * 3_600_000
export const digestQueue = 'customer-digests'

/** The address and the job of a digest. */
export interface DigestKey {
  readonly addressHash: string
  /** Epoch ms. */
  readonly runAt: number
}

/** The job that sends the digest of an address when the next day begins at the site. */
export function digestJob(
  { code, timeZone }: { readonly code: string; readonly timeZone: string },
  addressHash: string,
  now: number,
): NewJob {
  return digestJobAt(code, { addressHash, runAt: new LocalDays(timeZone).startOfOffset(now, 1) })
}

export function digestJobAt(site: string, { addressHash, runAt }: DigestKey): NewJob {
  return { queue: digestQueue, key: JSON.stringify([site, addressHash, runAt]), site, runAt }
}

export function digestKeyOf(key: string): DigestKey {
  const [, addressHash, runAt] = JSON.parse(key) as [string, string, number]
  return { addressHash, runAt }
}

/** The rows of news that waits for the digest of an address. */
export function isWaiting(site: string, addressHash: string) {
  return and(eq(customerMails.site, site), eq(customerMails.addressHash, addressHash), isNotNull(customerMails.eventId))
}

export async function hasWaitingNews(tx: Queryable, site: string, addressHash: string): Promise<boolean> {
  const on = drizzleOn(tx)
  const rows = await on
    .select({ at: customerMails.at })
    .from(customerMails)
    .where(isWaiting(site, addressHash))
    .limit(1)
  return rows.length > 0
}

/** When the address may receive its next mail, epoch ms; not after `now` if it may receive one now. */
export async function nextFreeAt(tx: Queryable, site: string, addressHash: string, now: number): Promise<number> {
  const isRecent = and(
    eq(customerMails.site, site),
    eq(customerMails.addressHash, addressHash),
    eq(customerMails.outcome, 'sent'),
    gt(customerMails.at, now - dayMs),
  )
  const [last] = await drizzleOn(tx)
    .select({ at: customerMails.at })
    .from(customerMails)
    .where(isRecent)
    .orderBy(desc(customerMails.at))
    .offset(maxMailsPerDay - 1)
    .limit(1)
  return last === undefined ? now : last.at + dayMs
}
