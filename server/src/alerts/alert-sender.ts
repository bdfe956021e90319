import { memberships, users } from '@stagewatch/db/people-schema.ts'
import { channels } from '@stagewatch/db/channels-schema.ts'
import type { MessageRoute } from '@stagewatch/db/channels-schema.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { userProfiles } from '@stagewatch/db/team-schema.ts'
import type { ChannelKind } from '@stagewatch/shared/contract/channels.ts'
import type { ChannelPreference } from '@stagewatch/shared/contract/profile.ts'
import { fallbackLanguage, isLanguage } from '@stagewatch/shared/domain/locales.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { nextWorkingInstant } from '@stagewatch/shared/domain/presence.ts'
import { quietUntil } from '@stagewatch/shared/domain/quiet-hours.ts'
import { and, count, desc, eq, isNotNull } from 'drizzle-orm'
import { enqueueMessages } from '../channels/enqueue-messages.ts'
import type { NewMessage } from '../channels/enqueue-messages.ts'
import { hasSubscription } from '../channels/push/push-table.ts'
import { loadSiteTexts } from '../channels/site-texts.ts'
import { loadProfile } from '../identity/profiles-table.ts'
import type { StoredProfile } from '../identity/profiles-table.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { widenDepartments } from '../access/widened-departments.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { loadMembers } from '../team/members-table.ts'
import { workingPerson } from '../team/working-person.ts'
import { messageTexts } from './message-texts.ts'
import { surroundingsOf } from './alert-surroundings.ts'
import type { AlertVisit } from './alert-surroundings.ts'
import type { AlertSender, QuietTimes } from './tell-receivers.ts'

interface SenderOptions {
  readonly sites: SiteRegistry
  readonly clock: Clock
}

/**
 * Sends alerts through the channels of a site. A person receives them in the message centre, on their registered
 * devices, and through the first of their preferred channels that the site has; if that fails, through the next one.
 */
export function alertSender({ sites, clock }: SenderOptions): AlertSender {
  return {
    async send(tx, site, receiver, alerts) {
      const { engine, site: own, privacy } = await sites.get(site)
      const [kind, id] = split(receiver)
      const profile = kind === 'person' ? await loadProfile(tx, id) : undefined
      if (kind === 'person' && profile === undefined) return
      const language = profile?.settings.language ?? (await languageOfSite(tx, site))
      const timeZone = profile?.settings.timeZone ?? own.timeZone
      const ways = profile === undefined ? [[{ channel: id, to: '' }] as const] : await waysTo(tx, site, id, profile)
      const texts = await loadSiteTexts(tx, site)
      const options = { engine, privacy: privacy.now, siteName: own.name, texts, language, timeZone }
      const messages = alerts.flatMap((alert) => {
        const message = messageTexts(alert, options)
        return ways.map((routes): NewMessage => ({ routes, message }))
      })
      await enqueueMessages(tx, site, messages, clock.now())
    },
    async mayBeTold(tx, site, receiver, now) {
      return mayBeTold(tx, await sites.get(site), receiver, now)
    },
    async quiet(tx, site, receiver, now) {
      const [kind, id] = split(receiver)
      if (kind !== 'person') return {}
      return quietTimesOf(tx, await sites.get(site), id, now)
    },
  }
}

/**
 * Whether a receiver may still be told of an alert: since the notice was added, they may have left the site, lost the
 * department, or the order may have moved on to another one.
 */
export async function mayBeTold(
  tx: Queryable,
  pipeline: SitePipeline,
  receiver: string,
  now: number,
): Promise<(alert: AlertVisit) => boolean> {
  const [kind, id] = split(receiver)
  if (kind !== 'person') return () => true
  const { site, engine } = pipeline
  const [member] = await loadMembers(tx, site.code, new Date(now).toISOString().slice(0, 10), id)
  if (member === undefined) return () => false
  if (member.departments === null) return () => true
  const seen = await widenDepartments(tx, site.code, member.departments)
  return (alert) => {
    const { department } = surroundingsOf(alert, engine)
    return department !== undefined && seen.includes(department)
  }
}

/**
 * Outside working time and during absences, people receive only critical alerts; in their quiet hours, as configured.
 */
async function quietTimesOf(tx: Queryable, pipeline: SitePipeline, id: string, now: number): Promise<QuietTimes> {
  const { site } = pipeline
  const [member] = await loadMembers(tx, site.code, new Date(now).toISOString().slice(0, 10), id)
  const profile = await loadProfile(tx, id)
  const working = member && nextWorkingInstant(workingPerson(member, pipeline, now), now)
  const { quietHours, timeZone = site.timeZone } = profile?.settings ?? {}
  const quiet = quietHours && quietUntil(quietHours, timeZone, now)
  // Work may begin within quiet hours, which are evaluated again at that time.
  const until = Math.max(working ?? now, quiet ?? now)
  return {
    ...(until > now && { quietUntil: until }),
    ...(quiet !== undefined && quietHours?.criticalBreaks === false && { silentUntil: quiet }),
  }
}

/** All routes to a person for one message, each with its fallbacks; push only if a browser is registered for it. */
export async function waysTo(
  tx: Queryable,
  site: string,
  id: string,
  { settings, email, fictional }: StoredProfile,
): Promise<(readonly [MessageRoute, ...MessageRoute[]])[]> {
  const enabled = await drizzleOn(tx)
    .select({ id: channels.id, kind: channels.kind })
    .from(channels)
    .where(and(eq(channels.site, site), eq(channels.enabled, true)))
    .orderBy(channels.createdAt, channels.id)
  // People of the sample have no mailbox.
  const preferences = settings.channels.filter(({ kind }) => kind !== 'email' || !fictional)
  const [first, ...others] = preferences.flatMap((preference) => {
    const [kinds, to] = addressOf(preference, email)
    return enabled.filter(({ kind }) => kinds.includes(kind)).map((channel) => ({ channel: channel.id, to }))
  })
  return [
    [{ channel: 'inbox', to: id }],
    ...((await hasSubscription(tx, id)) ? [[{ channel: 'push', to: id }] as const] : []),
    ...(first === undefined ? [] : [[first, ...others] as const]),
  ]
}

/** The kinds of channels for a preference of a person, and the address to use. */
function addressOf(preference: ChannelPreference, email: string): readonly [readonly ChannelKind[], string] {
  switch (preference.kind) {
    case 'email':
      return [['email'], email]
    case 'sms':
      return [['sms-aliyun', 'sms-tencent'], preference.mobile]
    case 'wecom':
      return [['wecom-app'], preference.userId]
    // Robots post to a whole group. A mobile number alone only serves to mention somebody there.
    case 'dingtalk':
      return preference.userId === undefined ? [[], ''] : [['dingtalk-app'], preference.userId]
    case 'feishu':
      return [['feishu-app'], preference.openId]
  }
}

/** The language that most people of the site have chosen. */
export async function languageOfSite(tx: Queryable, site: string): Promise<Language> {
  const [most] = await drizzleOn(tx)
    .select({ language: userProfiles.language })
    .from(userProfiles)
    .innerJoin(users, eq(users.id, userProfiles.userId))
    .innerJoin(memberships, eq(memberships.userId, users.id))
    .where(and(eq(memberships.site, site), isNotNull(userProfiles.language)))
    .groupBy(userProfiles.language)
    .orderBy(desc(count()), userProfiles.language)
    .limit(1)
  const language = most?.language ?? null
  return isLanguage(language) ? language : fallbackLanguage
}

function split(receiver: string): readonly [kind: string, id: string] {
  const colon = receiver.indexOf(':')
  return [receiver.slice(0, colon), receiver.slice(colon + 1)]
}
