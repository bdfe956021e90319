import { approvalLinks } from '@stagewatch/db/approvals-schema.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import type { ChannelMessage } from '@stagewatch/shared/contract/messages.ts'
import { textIn } from '@stagewatch/shared/domain/local-text.ts'
import { locales } from '@stagewatch/shared/domain/locales.ts'
import { languageOfSite, waysTo } from '../alerts/alert-sender.ts'
import { enqueueMessages } from '../channels/enqueue-messages.ts'
import { tokenPaths } from '../channels/link-tokens.ts'
import { filled } from '../channels/render-message.ts'
import { loadProfile } from '../identity/profiles-table.ts'
import { newToken, tokenHash } from '../identity/secret-token.ts'
import { serverTexts } from '../platform/server-texts.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { StoredApproval } from './approvals-table.ts'

/** Validity of a link that decides without signing in. */
const linkForMs = 7 * 24 * 3_600_000

/**
 * Notifies the people who may decide, each once per step. Messages to mailboxes and chats carry a personal link;
 * in-app and push messages lead to the approval, which requires signing in.
 */
export async function tellDeciders(
  tx: Queryable,
  pipeline: SitePipeline,
  approval: StoredApproval,
  { step, deciders }: { readonly step: number; readonly deciders: readonly string[] },
  now: number,
): Promise<void> {
  const site = pipeline.site.code
  for (const personId of deciders.toSorted()) {
    const profile = await loadProfile(tx, personId)
    if (profile === undefined) continue
    const token = newToken()
    const { rowCount } = await drizzleOn(tx)
      .insert(approvalLinks)
      .values({
        site,
        approvalId: approval.id,
        step,
        personId,
        hash: tokenHash(token),
        createdAt: now,
        expiresAt: now + linkForMs,
      })
      .onConflictDoNothing()
    if (rowCount === 0) continue
    const language = profile.settings.language ?? (await languageOfSite(tx, site))
    const style = { dateStyle: 'short', timeStyle: 'short' } as const
    const timeZone = profile.settings.timeZone ?? pipeline.site.timeZone
    const since = new Intl.DateTimeFormat(locales[language].formatTag, { ...style, timeZone }).format(
      approval.waitingSince,
    )
    const process = pipeline.engine.process(approval.process)
    const name = process?.stage(approval.stage)?.definition.name
    const stage = name === undefined ? approval.stage : textIn(name, language)
    const texts = serverTexts(language).approvals
    const message = (link: string): ChannelMessage => ({
      severity: 'info',
      title: filled(texts.title, { order: approval.order, stage }).slice(0, 200),
      lines: [filled(texts.line, { order: approval.order, stage, since }).slice(0, 500)],
      link,
      language,
      orders: [approval.order],
      dedupeKey: keyOf(approval.id, step),
    })
    const inside = message(insideLink(approval.id))
    const outside = message(tokenPaths.approval + token)
    const ways = await waysTo(tx, site, personId, profile)
    const messages = ways.map((routes) => {
      const isInside = routes[0].channel === 'inbox' || routes[0].channel === 'push'
      return { routes, message: isInside ? inside : outside }
    })
    await enqueueMessages(tx, site, messages, now)
  }
}

/**
 * The link of a message that is sent again. Whoever follows it has to sign in: another token would end the links in the
 * messages that have reached the same person elsewhere.
 */
export function renewedApprovalLink({ dedupeKey }: ChannelMessage): string {
  const [, id = ''] = /^approval:(\d+):/.exec(dedupeKey) ?? []
  return insideLink(id)
}

function keyOf(approval: number, step: number): string {
  return `approval:${approval}:${step}`
}

function insideLink(approval: number | string): string {
  return `/approvals?approval=${approval}`
}
