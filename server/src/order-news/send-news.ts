import type { Queryable } from '@stagewatch/db/database.ts'
import type { events } from '@stagewatch/db/schema.ts'
import type { ChannelMessage } from '@stagewatch/shared/contract/messages.ts'
import { textIn } from '@stagewatch/shared/domain/local-text.ts'
import { locales } from '@stagewatch/shared/domain/locales.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { languageOfSite, waysTo } from '../alerts/alert-sender.ts'
import { enqueueMessages } from '../channels/enqueue-messages.ts'
import { filled } from '../channels/render-message.ts'
import { loadProfile } from '../identity/profiles-table.ts'
import { serverTexts } from '../platform/server-texts.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { News } from './news-of-event.ts'

interface ToldNews {
  readonly event: Pick<typeof events.$inferSelect, 'position' | 'orderId' | 'stage' | 'occurredAt' | 'actor' | 'data'>
  readonly news: News
  /** Id of the receiver. */
  readonly person: string
  /** Epoch ms. */
  readonly now: number
}

const [maxTitle, maxLine] = [200, 500]

/** Notifies a person of an event of an order, in their language and through their channels. */
export async function sendNews(tx: Queryable, pipeline: SitePipeline, told: ToldNews): Promise<void> {
  const { site } = pipeline
  const profile = await loadProfile(tx, told.person)
  if (profile === undefined) return
  const language = profile.settings.language ?? (await languageOfSite(tx, site.code))
  const message = messageOf(told, pipeline, language, profile.settings.timeZone ?? site.timeZone)
  const ways = await waysTo(tx, site.code, told.person, profile)
  await enqueueMessages(
    tx,
    site.code,
    ways.map((routes) => ({ routes, message })),
    told.now,
  )
}

function messageOf(
  { event, news }: ToldNews,
  { engine, privacy }: SitePipeline,
  language: Language,
  timeZone: string,
): ChannelMessage {
  const texts = serverTexts(language).orderNews
  const { position, orderId: order, stage, occurredAt, actor, data } = event
  const showsPeople = privacy.now.people === 'shown'
  const process = engine.order(order)?.process
  const stageName = stage === null ? undefined : process?.stage(stage)?.definition.name
  const title = filled(
    news === 'mentioned' && (actor === null || !showsPeople) ? texts.mentionedBySomebody : texts[news],
    { order, stage: stageName === undefined ? (stage ?? '') : textIn(stageName, language), name: actor ?? '' },
  )
  const style = { dateStyle: 'short', timeStyle: 'short', timeZone } as const
  const time = new Intl.DateTimeFormat(locales[language].formatTag, style).format(occurredAt)
  // People write names into free text; the order shows it with the names hidden.
  const isTextShown = showsPeople && privacy.now.customers === 'shown'
  const said = isTextShown ? [data['reason'], data['comment']].find((text) => typeof text === 'string') : undefined
  return {
    severity: 'info',
    title: title.slice(0, maxTitle),
    lines: [filled(texts.at, { time }), ...(typeof said === 'string' ? [said.slice(0, maxLine)] : [])],
    link: `/orders/${encodeURIComponent(order)}`,
    language,
    orders: [order],
    dedupeKey: `order-news:${position}:${news}`,
  }
}
