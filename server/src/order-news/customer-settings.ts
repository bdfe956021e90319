import { isDeepStrictEqual } from 'node:util'
import { channels } from '@stagewatch/db/channels-schema.ts'
import { customerMails, customerNews, customerOptOuts } from '@stagewatch/db/customer-news-schema.ts'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { events } from '@stagewatch/db/schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import { customerMailOutcomes } from '@stagewatch/shared/contract/customer-news.ts'
import type { CustomerNewsSettings, CustomerNewsView } from '@stagewatch/shared/contract/customer-news.ts'
import { maskedName } from '@stagewatch/shared/domain/access/masked-name.ts'
import { deskSource } from '@stagewatch/shared/domain/order-event.ts'
import { and, count, desc, eq, gt, sql } from 'drizzle-orm'
import type { Actor } from '../access/actor.ts'
import { recordChange } from '../access/changes-table.ts'
import { AppError } from '../platform/app-error.ts'
import { requireVersion, versionOf } from '../platform/edit-version.ts'
import type { ExpectedVersion } from '../platform/edit-version.ts'
import { lockSite } from '../rules/catalog-table.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'

const reportedForMs = 30 * 24 * 3_600_000
const maxProblems = 10
/** Number of recent events whose fields are offered, and the maximum number of fields. */
const [lookedAtEvents, maxFields] = [5_000, 100]

/** Nobody is told anything until the site decides so. */
export const initialSettings: CustomerNewsSettings = {
  enabled: false,
  addressField: 'customerEmail',
  channel: '',
  placed: true,
  held: false,
  completed: true,
  cancelled: true,
  stages: [],
}

export interface StoredSettings {
  readonly settings: CustomerNewsSettings
  /** Epoch ms from which events are reported. Null: none are. */
  readonly enabledAt: number | null
}

/** Undefined: the site has never set anything. */
export async function loadSettings(db: Queryable, site: string): Promise<StoredSettings | undefined> {
  const [stored] = await select(db, site)
  return stored
}

/** Also serializes the mails of a site, so that limits hold whichever server instances send them. */
export async function lockSettings(tx: Queryable, site: string): Promise<StoredSettings | undefined> {
  const [stored] = await select(tx, site).for('update')
  return stored
}

interface SettingsChange {
  readonly actor: Actor
  readonly expected: ExpectedVersion
  /** Epoch ms. */
  readonly changedAt: number
}

/** @throws AppError `invalid_field` for a channel or a stage that does not exist; `conflict`, see `requireVersion`. */
export async function changeSettings(
  database: Database,
  pipeline: SitePipeline,
  after: CustomerNewsSettings,
  { actor, expected, changedAt }: SettingsChange,
): Promise<void> {
  const site = pipeline.site.code
  const { engine } = pipeline
  requireStages(after, (process, stage) => engine.process(process)?.stage(stage) !== undefined)
  await database.transaction(async (tx) => {
    // The first save has no row to lock.
    await lockSite(tx, site)
    const stored = await lockSettings(tx, site)
    const before = stored?.settings ?? initialSettings
    requireVersion(expected, { current: before, yours: after })
    if (isDeepStrictEqual(before, after)) return
    if (after.enabled) await requireChannel(tx, site, after.channel)
    await saveSettings(tx, site, stored, after, changedAt)
    await recordChange(tx, site, { changedAt, actor, action: 'customer-news.changed', subject: '', before, after })
  })
}

/** @param changedAt epoch ms from which events are reported if they were not before. */
export async function saveSettings(
  tx: Queryable,
  site: string,
  stored: StoredSettings | undefined,
  after: CustomerNewsSettings,
  changedAt: number,
): Promise<void> {
  const enabledAt = after.enabled ? (stored?.enabledAt ?? changedAt) : null
  await drizzleOn(tx)
    .insert(customerNews)
    .values({ site, settings: after, enabledAt })
    .onConflictDoUpdate({ target: customerNews.site, set: { settings: after, enabledAt } })
}

/** What the settings page shows. */
export async function describeSettings(
  db: Queryable,
  { site, privacy }: SitePipeline,
  now: number,
): Promise<CustomerNewsView> {
  const settings = (await loadSettings(db, site.code))?.settings ?? initialSettings
  const on = drizzleOn(db)
  const since = and(eq(customerMails.site, site.code), gt(customerMails.at, now - reportedForMs))
  const counted = await on
    .select({ outcome: customerMails.outcome, count: count() })
    .from(customerMails)
    .where(since)
    .groupBy(customerMails.outcome)
  const rows = await on
    .select({
      order: customerMails.orderId,
      at: customerMails.at,
      outcome: customerMails.outcome,
      address: customerMails.invalidAddress,
    })
    .from(customerMails)
    .where(and(since, anyOf(customerMails.outcome, ['no-address', 'invalid-address'])))
    .orderBy(desc(customerMails.at), customerMails.orderId, customerMails.news)
    .limit(maxProblems)
  const [optedOut] = await on
    .select({ count: count() })
    .from(customerOptOuts)
    .where(eq(customerOptOuts.site, site.code))
  const isMasked = privacy.now.customers === 'masked'
  return {
    settings,
    version: versionOf(settings),
    channels: await mailChannels(db, site.code),
    fields: await knownFields(db, site.code),
    optedOutCount: optedOut?.count ?? 0,
    counts: Object.fromEntries(
      customerMailOutcomes.map((outcome) => [outcome, counted.find((one) => one.outcome === outcome)?.count ?? 0]),
    ) as CustomerNewsView['counts'],
    problems: rows.flatMap(({ order, at, outcome, address }) =>
      outcome === 'sent' || outcome === 'opted-out'
        ? []
        : [{ order, at, outcome, ...(address !== null && { address: isMasked ? maskedName(address) : address }) }],
    ),
  }
}

/** Whether the owner of the address wants no mails of the site. */
export async function isOptedOut(db: Queryable, site: string, addressHash: string): Promise<boolean> {
  const rows = await drizzleOn(db)
    .select({ at: customerOptOuts.at })
    .from(customerOptOuts)
    .where(and(eq(customerOptOuts.site, site), eq(customerOptOuts.addressHash, addressHash)))
  return rows.length > 0
}

/** How long outcomes are kept, and with them the links that stop the mails. */
const keptDays = 400
const maxKept = 1_000_000

export async function deleteOldCustomerMails(db: Queryable): Promise<void> {
  await drizzleOn(db).execute(sql`
    delete from ${customerMails} m using (
      select site, order_id, news, row_number() over (partition by site order by at desc) as place
      from ${customerMails}) as ranked
    where m.site = ranked.site and m.order_id = ranked.order_id and m.news = ranked.news
      and (ranked.place > ${maxKept} or m.at < now() - make_interval(days => ${keptDays}))`)
}

/** @throws AppError `invalid_field` with a stage that does not exist. */
export function requireStages(
  { stages }: CustomerNewsSettings,
  exists: (process: string, stage: string) => boolean,
): void {
  for (const [i, { process, stage }] of stages.entries()) {
    if (exists(process, stage)) continue
    const message = `there is no stage ${stage} in the process ${process}`
    throw new AppError('invalid_field', message, { field: `stages.${i}.stage`, reason: 'not_offered' })
  }
}

/** @throws AppError `invalid_field` if the site has no such channel that is switched on. */
export async function requireChannel(tx: Queryable, site: string, id: string): Promise<void> {
  if ((await mailChannels(tx, site)).some((channel) => channel.id === id)) return
  const message = 'must be a channel for e-mail that is switched on'
  throw new AppError('invalid_field', message, { field: 'channel', reason: 'not_offered' })
}

async function mailChannels(db: Queryable, site: string): Promise<{ readonly id: string; readonly name: string }[]> {
  return drizzleOn(db)
    .select({ id: channels.id, name: channels.name })
    .from(channels)
    .where(and(eq(channels.site, site), eq(channels.kind, 'email'), eq(channels.enabled, true)))
    .orderBy(channels.createdAt, channels.id)
}

/** Names of the fields that recent events of other systems carry as text. */
async function knownFields(db: Queryable, site: string): Promise<string[]> {
  // The log has no index by site; looking only at its end bounds what a site without events costs.
  const rows = await drizzleOn(db).execute<{ field: string }>(sql`
    select distinct f.key as field from (
      select e.data from (
        select site, source, data from ${events} order by tx desc, position desc limit ${lookedAtEvents}) as e
      where e.site = ${site} and e.source <> ${deskSource}) as recent, jsonb_each(recent.data) as f
    where jsonb_typeof(f.value) = 'string' and length(f.key) <= 100 order by field limit ${maxFields}`)
  return rows.map(({ field }) => field)
}

function select(db: Queryable, site: string) {
  return drizzleOn(db)
    .select({ settings: customerNews.settings, enabledAt: customerNews.enabledAt })
    .from(customerNews)
    .where(eq(customerNews.site, site))
}
