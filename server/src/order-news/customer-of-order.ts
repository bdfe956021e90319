import { hash } from 'node:crypto'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { events, orders } from '@stagewatch/db/schema.ts'
import type { CustomerNewsSettings } from '@stagewatch/shared/contract/customer-news.ts'
import { languages } from '@stagewatch/shared/domain/locales.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { and, desc, eq, ne, notExists, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { languageOfSite } from '../alerts/alert-sender.ts'

/** An address with its hash, by which opt-outs are stored; a site cannot tell whether another one knows an address. */
export function addressHash(site: string, address: string): string {
  return hash('sha256', `${site}\n${address.toLowerCase()}`, 'hex')
}

export async function processOf(tx: Queryable, site: string, order: string): Promise<string> {
  const [row] = await drizzleOn(tx)
    .select({ process: orders.process })
    .from(orders)
    .where(and(eq(orders.site, site), eq(orders.orderId, order)))
  return row?.process ?? ''
}

const voiding = alias(events, 'voiding')

function data(of: typeof events | typeof voiding, field: string) {
  return sql<string | null>`${of.data}->>${field}`
}

/** Events that void others of the order. */
function isVoiding(site: string, order: string) {
  return and(eq(voiding.site, site), eq(voiding.orderId, order), eq(voiding.type, 'event.voided'))
}

/** Whether the event has been taken back. */
export async function isVoided(
  tx: Queryable,
  site: string,
  { orderId, source, id }: Pick<typeof events.$inferSelect, 'orderId' | 'source' | 'id'>,
): Promise<boolean> {
  const voids = await drizzleOn(tx)
    .select({ id: voiding.id })
    .from(voiding)
    .where(and(isVoiding(site, orderId), eq(data(voiding, 'source'), source), eq(data(voiding, 'id'), id)))
    .limit(1)
  return voids.length > 0
}

/** The last text that the events of an order, other than voided ones, have in a field of their data. */
export async function lastText(tx: Queryable, site: string, order: string, field: string): Promise<string | undefined> {
  const isIt = and(eq(data(voiding, 'source'), events.source), eq(data(voiding, 'id'), events.id))
  const voids = drizzleOn(tx)
    .select({ id: voiding.id })
    .from(voiding)
    .where(and(isVoiding(site, order), isIt))
  const [row] = await drizzleOn(tx)
    .select({ text: data(events, field) })
    .from(events)
    .where(
      and(
        eq(events.site, site),
        eq(events.orderId, order),
        ne(events.type, 'event.voided'),
        notExists(voids),
        sql`jsonb_typeof(${events.data}->${field}) = 'string'`,
      ),
    )
    .orderBy(desc(events.occurredAt), desc(events.position))
    .limit(1)
  return row?.text ?? undefined
}

export async function languageFor(
  tx: Queryable,
  site: string,
  order: string,
  { languageField, language }: CustomerNewsSettings,
): Promise<Language> {
  const asked = languageField === undefined ? undefined : await lastText(tx, site, order, languageField)
  const primary = asked?.trim().toLowerCase().split(/[-_]/)[0]
  return languages.find((one) => one === primary) ?? language ?? (await languageOfSite(tx, site))
}
