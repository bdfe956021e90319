import { messages } from '@stagewatch/db/channels-schema.ts'
import { customerMails, customerOptOuts } from '@stagewatch/db/customer-news-schema.ts'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { textIn } from '@stagewatch/shared/domain/local-text.ts'
import { pickLanguage } from '@stagewatch/shared/domain/locales.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { and, eq, inArray } from 'drizzle-orm'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { addressOf } from '../access/route-access.ts'
import { tokenPaths } from '../channels/link-tokens.ts'
import { filled } from '../channels/render-message.ts'
import { tokenHash } from '../identity/secret-token.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { addressGroup } from '../platform/http/client-address.ts'
import { escaped, sendPlainPage } from '../platform/http/plain-page.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { Attempts, AttemptRule } from '../platform/rate-limits/attempts.ts'
import { serverTexts } from '../platform/server-texts.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'

const path = `${tokenPaths.stop}:token` as const
const params = z.object({ token: z.string().max(100) })
type Request = FastifyRequest<{ Params: z.infer<typeof params> }>

/**
 * A token cannot be guessed; the limit bounds the work that wrong tokens cause. Large mail providers post for many
 * customers from few addresses.
 */
const opening: AttemptRule = { name: 'unsubscribe-link', kind: 'window', most: 600, windowMs: 300_000 }
const maxFormBytes = 4_096

interface UnsubscribeRouteOptions {
  readonly database: Database
  readonly clock: Clock
  readonly sites: SiteRegistry
  readonly attempts: Attempts
}

/** The mail whose link was opened. */
interface OpenLink {
  readonly site: string
  readonly siteName: string
  readonly addressHash: string
  readonly language: Language
}

type Found = OpenLink | { readonly refused: 'unknown' | 'busy'; readonly language: Language }

/**
 * The page on which a customer stops the mails about their orders without signing in. Opening it changes nothing,
 * because mail programs follow links to scan for viruses; submitting its form does, and so does the request that mail
 * programs send for their own button (RFC 8058), whatever its body.
 */
export function unsubscribeRoutes(app: TypedApp, { database, clock, sites, attempts }: UnsubscribeRouteOptions): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: maxFormBytes }, (_request, body, done) =>
    done(null, String(body)),
  )

  app.get(path, { schema: { hide: true, params } }, async (request, reply) => {
    const found = await find(request)
    if ('refused' in found) return refuse(reply, found)
    const texts = serverTexts(found.language).customerNews.page
    const body = `<h1>${escaped(filled(texts.question, { site: found.siteName }))}</h1>
<p>${escaped(filled(texts.text, { site: found.siteName }))}</p>${formOf('stop', texts.stop)}`
    return sendPlainPage(reply, { title: texts.title, body, language: found.language })
  })

  app.post(path, { schema: { hide: true, params } }, async (request, reply) => {
    const found = await find(request)
    if ('refused' in found) return refuse(reply, found)
    const texts = serverTexts(found.language).customerNews.page
    const isResumed = request.body === 'action=resume'
    await database.transaction((tx) => (isResumed ? resume(tx, found) : stop(tx, found, clock.now())))
    const heading = filled(isResumed ? texts.resumed : texts.stopped, { site: found.siteName })
    const body = `<h1>${escaped(heading)}</h1>${isResumed ? '' : formOf('resume', texts.resume)}`
    return sendPlainPage(reply, { title: texts.title, body, language: found.language })
  })

  async function find(request: Request): Promise<Found> {
    const ofBrowser = pickLanguage(null, request.headers['accept-language'] ?? '')
    try {
      await attempts.take(opening, addressGroup(addressOf(request)))
    } catch (error) {
      if (error instanceof AppError && error.code === 'rate_limited') return { refused: 'busy', language: ofBrowser }
      throw error
    }
    const [mail] = await drizzleOn(database)
      .select({ site: customerMails.site, addressHash: customerMails.addressHash, message: messages.message })
      .from(customerMails)
      .leftJoin(messages, and(eq(messages.site, customerMails.site), eq(messages.id, customerMails.messageId)))
      .where(eq(customerMails.tokenHash, tokenHash(request.params.token)))
    if (mail?.addressHash === undefined || mail.addressHash === null) return { refused: 'unknown', language: ofBrowser }
    const { site, addressHash } = mail
    const language = mail.message?.language ?? ofBrowser
    const siteName = textIn((await sites.get(site)).site.name, language)
    return { site, siteName, addressHash, language }
  }
}

function refuse(reply: FastifyReply, { refused, language }: Extract<Found, { refused: string }>): FastifyReply {
  const texts = serverTexts(language).customerNews.page
  return sendPlainPage(reply.status(refused === 'unknown' ? 404 : 429), {
    title: texts.title,
    body: `<h1>${escaped(texts[refused])}</h1>`,
    language,
  })
}

function formOf(action: 'stop' | 'resume', label: string): string {
  const buttonClass = action === 'stop' ? 'primary' : 'danger'
  return `<form method="post"><div class="buttons">
<button name="action" value="${action}" class="${buttonClass}">${escaped(label)}</button></div></form>`
}

/** Also deletes the mails to the address that have not been sent. */
async function stop(tx: Queryable, { site, addressHash }: OpenLink, now: number): Promise<void> {
  const on = drizzleOn(tx)
  await on.insert(customerOptOuts).values({ site, addressHash, at: now }).onConflictDoNothing()
  const ofAddress = on
    .select({ id: customerMails.messageId })
    .from(customerMails)
    .where(and(eq(customerMails.site, site), eq(customerMails.addressHash, addressHash)))
  await on
    .delete(messages)
    .where(
      and(
        eq(messages.site, site),
        inArray(messages.id, ofAddress),
        inArray(messages.state, ['queued', 'retried', 'refused', 'gave-up']),
      ),
    )
}

async function resume(tx: Queryable, { site, addressHash }: OpenLink): Promise<void> {
  await drizzleOn(tx)
    .delete(customerOptOuts)
    .where(and(eq(customerOptOuts.site, site), eq(customerOptOuts.addressHash, addressHash)))
}
