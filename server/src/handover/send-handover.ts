import type { Queryable } from '@stagewatch/db/database.ts'
import type { HandoverContent } from '@stagewatch/shared/contract/handover.ts'
import type { ChannelMessage } from '@stagewatch/shared/contract/messages.ts'
import type { Department } from '@stagewatch/shared/domain/departments.ts'
import { textIn } from '@stagewatch/shared/domain/local-text.ts'
import { locales } from '@stagewatch/shared/domain/locales.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import type { ShiftSpan } from '@stagewatch/shared/domain/time/shift-starts.ts'
import { languageOfSite, waysTo } from '../alerts/alert-sender.ts'
import { enqueueMessages } from '../channels/enqueue-messages.ts'
import { filled } from '../channels/render-message.ts'
import { loadProfile } from '../identity/profiles-table.ts'
import { serverTexts } from '../platform/server-texts.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'

interface ToldHandover {
  readonly id: number
  readonly department: Department
  readonly shift: ShiftSpan
  readonly missedCount: number
  readonly noteCount: number
  readonly content: HandoverContent
  readonly now: number
}

/**
 * Notifies people of a handover, in their language and through their channels; call it in the transaction that stores
 * the handover. The message contains only numbers, which every channel may receive.
 */
export async function sendHandover(
  tx: Queryable,
  { site }: SitePipeline,
  people: readonly string[],
  told: ToldHandover,
): Promise<void> {
  for (const person of people) {
    const profile = await loadProfile(tx, person)
    if (profile === undefined) continue
    const language = profile.settings.language ?? (await languageOfSite(tx, site.code))
    const message = messageOf(told, language, profile.settings.timeZone ?? site.timeZone)
    const ways = await waysTo(tx, site.code, person, profile)
    await enqueueMessages(
      tx,
      site.code,
      ways.map((routes) => ({ routes, message })),
      told.now,
    )
  }
}

function messageOf(told: ToldHandover, language: Language, timeZone: string): ChannelMessage {
  const { id, department, shift, missedCount, noteCount, content } = told
  const { turnedOverdue, stuck, promised, openAlerts, openTasks } = content
  const texts = serverTexts(language).handover
  const style = { dateStyle: 'short', timeStyle: 'short', timeZone } as const
  const format = new Intl.DateTimeFormat(locales[language].formatTag, style)
  const title = filled(texts.title, {
    department: textIn(department.name, language),
    shift: format.formatRange(shift.start, shift.end),
  })
  const number = new Intl.NumberFormat(locales[language].formatTag)
  const line = (text: string, values: Readonly<Record<string, number>>) =>
    filled(text, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, number.format(value)])))
  return {
    severity: 'info',
    title: title.slice(0, 200),
    lines: [
      line(texts.turnedOverdue, { count: turnedOverdue.total, resolved: turnedOverdue.resolvedCount }),
      line(texts.stuck, { overdue: stuck.overdueCount, stalled: stuck.stalledCount }),
      line(texts.promised, { count: promised.total }),
      line(texts.alerts, { count: openAlerts.total }),
      line(texts.tasks, { count: openTasks.total }),
      line(texts.notes, { count: noteCount }),
      ...(missedCount > 0 ? [line(texts.missed, { count: missedCount })] : []),
    ],
    link: `/handover/${id}`,
    language,
    orders: [],
    dedupeKey: `handover:${id}`,
  }
}
