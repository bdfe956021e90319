import type { Database, Queryable } from '@stagewatch/db/database.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import { isInScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import { locales } from '@stagewatch/shared/domain/locales.ts'
import { nextWorkingInstant } from '@stagewatch/shared/domain/presence.ts'
import { quietUntil } from '@stagewatch/shared/domain/quiet-hours.ts'
import { LocalDays } from '@stagewatch/shared/domain/local-days.ts'
import { textIn } from '@stagewatch/shared/domain/local-text.ts'
import type { ChannelMessage } from '@stagewatch/shared/contract/messages.ts'
import { widenDepartments } from '../access/widened-departments.ts'
import { enqueueMessages } from '../channels/enqueue-messages.ts'
import { filled } from '../channels/render-message.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { OpenVisit } from '../engine/open-visits.ts'
import { loadProfile } from '../identity/profiles-table.ts'
import type { StoredProfile } from '../identity/profiles-table.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { coalesce } from '../platform/coalesce.ts'
import { inSlices } from '../platform/in-slices.ts'
import { serverTexts } from '../platform/server-texts.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { loadMembers } from '../team/members-table.ts'
import type { StoredMember } from '../team/members-table.ts'
import { workingPerson } from '../team/working-person.ts'
import { languageOfSite, waysTo } from './alert-sender.ts'

const hourMs = 3_600_000
/** Start of the morning for people without a calendar, after the start of the day. */
const usualMorningMs = 8 * hourMs
/** How long after the start of work the list is still sent, for a server that was down. */
const tellWithinMs = 4 * hourMs
/** The limits of `ChannelMessage`. */
const [maxLines, maxOrders] = [20, 1_000]
const visitsPerStep = 256

interface DueListsOptions {
  readonly database: Database
  readonly clock: Clock
  readonly sites: SiteRegistry
}

/** Somebody whose working day has begun. Instants are epoch ms. */
interface Reader {
  readonly member: StoredMember
  readonly profile: StoredProfile
  readonly scope: DepartmentScope
  readonly timeZone: string
  /** `YYYY-MM-DD`. */
  readonly day: string
  readonly dayEndsAt: number
  readonly due: OpenVisit[]
}

/**
 * Sends everybody, at the beginning of their working day, a list of their orders that are due that day or overdue:
 * orders that they own and may see. An empty list is not sent.
 */
export class DueLists {
  readonly #options: DueListsOptions
  /**
   * By person of a site, the last day whose list was sent or was empty; the message itself is deduplicated by its key.
   */
  readonly #doneFor = new Map<string, string>()

  constructor(options: DueListsOptions) {
    this.#options = options
  }

  /** Sends the lists of people whose morning has begun since the last call. */
  readonly look = coalesce(async () => {
    for (const pipeline of await this.#options.sites.list()) await this.#tell(pipeline)
  })

  async #tell(pipeline: SitePipeline): Promise<void> {
    const { database, clock } = this.#options
    const { engine, site } = pipeline
    const now = clock.now()
    const readers = await this.#readers(pipeline, now)
    if (readers.length === 0) return
    await inSlices(collectDue(engine, readers))
    await database.transaction(async (tx) => {
      for (const reader of readers) {
        if (reader.due.length > 0) await send(tx, site.code, reader, { engine, now })
      }
    })
    for (const { member, day } of readers) this.#doneFor.set(`${site.code}/${member.id}`, day)
  }

  async #readers(pipeline: SitePipeline, now: number): Promise<Reader[]> {
    const { database } = this.#options
    const { site } = pipeline
    const members = await loadMembers(database, site.code, new Date(now).toISOString().slice(0, 10))
    const readers: Reader[] = []
    for (const member of members) {
      const { worksBy, ...person } = workingPerson(member, pipeline, now)
      const days = new LocalDays(person.timeZone)
      const dayStart = days.startOf(now)
      const dayEndsAt = days.startOfOffset(now, 1)
      const startsAt = nextWorkingInstant(person, worksBy === undefined ? dayStart + usualMorningMs : dayStart)
      if (startsAt === undefined || startsAt >= dayEndsAt || now < startsAt || now > startsAt + tellWithinMs) continue
      const day = new Date(dayStart + days.offsetAt(dayStart)).toISOString().slice(0, 10)
      const key = `${site.code}/${member.id}`
      if (this.#doneFor.get(key) === day) continue
      const profile = await loadProfile(database, member.id)
      if (profile?.settings.dueList !== true) {
        // Avoids reading the profile every minute of the morning.
        this.#doneFor.set(key, day)
        continue
      }
      const { quietHours, timeZone = person.timeZone } = profile.settings
      if (quietHours !== undefined && quietUntil(quietHours, timeZone, now) !== undefined) continue
      const { departments } = member
      const scope = departments === null ? undefined : await widenDepartments(database, site.code, departments)
      readers.push({ member, profile, scope, timeZone, day, dayEndsAt, due: [] })
    }
    return readers
  }
}

/** Assigns each reader their orders that are due that day, earliest first. */
function* collectDue({ open }: LiveEngine, readers: readonly Reader[]): Generator<void> {
  // Sources name people by their name or their e-mail address.
  const names = readers.flatMap((reader) =>
    [reader.member.name, reader.member.email].map((name) => [name, reader] as const),
  )
  const byName = Map.groupBy(names, ([name]) => name.toLowerCase())
  let count = 0
  for (const [, visit] of open.entries()) {
    if (++count % visitsPerStep === 0) yield
    const { owner } = visit.visit
    if (owner === undefined) continue
    const { dueAt } = visit.status
    if (dueAt === undefined || visit.status.onHold) continue
    for (const reader of new Set(byName.get(owner.trim().toLowerCase())?.map(([, each]) => each))) {
      if (dueAt < reader.dayEndsAt && isInScope(reader.scope, visit.state.attributes, visit.visit))
        reader.due.push(visit)
    }
  }
  for (const { due } of readers) due.sort((a, b) => (a.status.dueAt ?? 0) - (b.status.dueAt ?? 0))
}

async function send(
  tx: Queryable,
  site: string,
  { member, profile, timeZone, day, due }: Reader,
  { engine, now }: { readonly engine: LiveEngine; readonly now: number },
): Promise<void> {
  const language = profile.settings.language ?? (await languageOfSite(tx, site))
  const texts = serverTexts(language).dueList
  const overdue = due.filter(({ status }) => status.overdue).length
  const style = { dateStyle: 'short', timeStyle: 'short', timeZone } as const
  const format = new Intl.DateTimeFormat(locales[language].formatTag, style)
  const message: ChannelMessage = {
    severity: 'info',
    title: filled(texts.title, { due: String(due.length - overdue), overdue: String(overdue) }),
    lines: due.slice(0, maxLines).map(({ state, visit, aggregates, status }) => {
      const name = engine.process(aggregates.process)?.stage(visit.stage)?.definition.name
      const stage = name === undefined ? visit.stage : textIn(name, language)
      const values = { order: state.order, stage, at: format.format(status.dueAt ?? now) }
      return filled(status.overdue ? texts.overdue : texts.due, values).slice(0, 500)
    }),
    link: `/orders?q=${encodeURIComponent(member.name)}`,
    language,
    orders: due.slice(0, maxOrders).map(({ state }) => state.order),
    dedupeKey: `due-list:${day}`,
  }
  const ways = await waysTo(tx, site, member.id, profile)
  await enqueueMessages(
    tx,
    site,
    ways.map((routes) => ({ routes, message })),
    now,
  )
}
