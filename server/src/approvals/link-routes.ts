import { approvalLinks } from '@stagewatch/db/approvals-schema.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { users } from '@stagewatch/db/people-schema.ts'
import { approvalActionRequest } from '@stagewatch/shared/contract/approvals.ts'
import type { ApprovalDetail } from '@stagewatch/shared/contract/approvals.ts'
import { textIn } from '@stagewatch/shared/domain/local-text.ts'
import { locales, pickLanguage, type Language } from '@stagewatch/shared/domain/locales.ts'
import { eq } from 'drizzle-orm'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { addressOf } from '../access/route-access.ts'
import { tokenPaths } from '../channels/link-tokens.ts'
import { loadProfile } from '../identity/profiles-table.ts'
import { tokenHash } from '../identity/secret-token.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { addressGroup } from '../platform/http/client-address.ts'
import { sendPlainPage } from '../platform/http/plain-page.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { Attempts, AttemptRule } from '../platform/rate-limits/attempts.ts'
import { serverTexts } from '../platform/server-texts.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { actOnApproval } from './act-on-approval.ts'
import type { Approvals } from './approvals.ts'
import { loadApproval } from './approvals-table.ts'
import { describeApprovals } from './describe-approval.ts'
import type { ApprovalReading } from './describe-approval.ts'
import { approvalLinkPage } from './link-page.ts'
import type { LinkPage, LinkRefusal } from './link-page.ts'

const path = `${tokenPaths.approval}:token` as const
const params = z.object({ token: z.string().max(100) })
const form = z.object({ action: z.enum(['approve', 'reject']), comment: z.string().max(2_000).default('') })
type Form = z.infer<typeof form>
type Request = FastifyRequest<{ Params: z.infer<typeof params> }>

/** A token cannot be guessed; the limit bounds the work that wrong tokens cause. */
const opening: AttemptRule = { name: 'approval-link', kind: 'window', most: 60, windowMs: 300_000 }
const maxFormBytes = 16_384

interface LinkRouteOptions {
  readonly database: Database
  readonly clock: Clock
  readonly sites: SiteRegistry
  readonly attempts: Attempts
  readonly approvals: Approvals
}

type StoredLink = typeof approvalLinks.$inferSelect

/** A valid link, with the approval as its holder sees it. */
interface OpenLink {
  readonly link: StoredLink
  readonly pipeline: SitePipeline
  readonly detail: ApprovalDetail
  readonly language: Language
  readonly timeZone: string
}

/**
 * The page on which the recipient of a message decides without signing in. Opening it changes nothing, because mail
 * programs follow links to scan for viruses. Only submitting its form decides, on behalf of the link's recipient.
 */
export function approvalLinkRoutes(app: TypedApp, options: LinkRouteOptions): void {
  const { database, clock, sites, attempts, approvals } = options
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: maxFormBytes },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )

  app.get(path, { schema: { hide: true, params } }, async (request, reply) => {
    const found = await find(request)
    if (!('detail' in found)) return send(reply, { kind: 'refused', reason: found.refused }, found.language)
    return send(reply, confirmation(found, { isCommentMissing: false, comment: '' }), found.language)
  })

  app.post(path, { schema: { hide: true, params, body: form } }, async (request, reply) => {
    const found = await find(request)
    const { language } = found
    if (!('detail' in found)) return send(reply, { kind: 'refused', reason: found.refused }, language)
    const { action, comment }: Form = request.body
    const asked = approvalActionRequest.safeParse({ action, ...(comment.trim() !== '' && { comment }) })
    if (!asked.success) return send(reply, confirmation(found, { isCommentMissing: true, comment }), language)
    const { link, pipeline } = found
    const { approvalId, personId, hash, step, site } = link
    try {
      const author = { kind: 'person', name: await emailOf(personId), site } as const
      const acting = {
        database,
        pipeline,
        person: personId,
        isManager: false,
        author,
        how: 'link',
        link: { hash, step },
      } as const
      await actOnApproval(acting, approvalId, asked.data, clock.now())
    } catch (error) {
      return send(reply, { kind: 'refused', reason: refusalOf(error) }, language)
    }
    await approvals.acted()
    return send(reply, { kind: 'decided', outcome: action === 'approve' ? 'approved' : 'rejected' }, language)
  })

  async function find(request: Request): Promise<OpenLink | { refused: LinkRefusal; language: Language }> {
    const ofBrowser = pickLanguage(null, request.headers['accept-language'] ?? '')
    const refused = (reason: LinkRefusal, language = ofBrowser) => ({ refused: reason, language })
    try {
      await attempts.take(opening, addressGroup(addressOf(request)))
    } catch (error) {
      if (error instanceof AppError && error.code === 'rate_limited') return refused('busy')
      throw error
    }
    const [link] = await drizzleOn(database)
      .select()
      .from(approvalLinks)
      .where(eq(approvalLinks.hash, tokenHash(request.params.token)))
    if (link === undefined) return refused('unknown')
    const profile = await loadProfile(database, link.personId)
    const language = profile?.settings.language ?? ofBrowser
    if (link.usedAt !== null) return refused('used', language)
    if (link.expiresAt <= clock.now()) return refused('expired', language)
    const approval = await loadApproval(database, link.site, link.approvalId)
    if (approval === undefined || approval.outcome !== null) return refused('ended', language)
    const pipeline = await sites.get(link.site)
    const audience = { departments: undefined, privacy: pipeline.privacy.now }
    const reading: ApprovalReading = {
      db: database,
      pipeline,
      audience,
      person: link.personId,
      isManager: false,
      now: clock.now(),
    }
    const [detail] = await describeApprovals(reading, [approval], false)
    const isOfStep = detail?.steps.findIndex(({ status }) => status === 'current') === link.step
    if (detail?.mayDecide !== true || !isOfStep) return refused('notAsked', language)
    const timeZone = profile?.settings.timeZone ?? pipeline.site.timeZone
    return { link, pipeline, detail, language, timeZone }
  }

  async function emailOf(id: string): Promise<string> {
    const [user] = await drizzleOn(database).select({ email: users.email }).from(users).where(eq(users.id, id))
    return user?.email ?? id
  }
}

function refusalOf(error: unknown): LinkRefusal {
  if (!(error instanceof AppError)) throw error
  return error.code === 'conflict' || error.code === 'not_found' ? 'ended' : 'notAsked'
}

/** Only the facts of the order that are needed to decide. */
function confirmation(
  { detail, language, timeZone }: OpenLink,
  { isCommentMissing, comment }: { readonly isCommentMissing: boolean; readonly comment: string },
): LinkPage {
  const words = serverTexts(language).approvals.page
  const { formatTag } = locales[language]
  const instant = (at: number | undefined) =>
    at === undefined
      ? undefined
      : new Intl.DateTimeFormat(formatTag, { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(at)
  const { amount, currency } = detail
  const money =
    amount === undefined
      ? undefined
      : new Intl.NumberFormat(formatTag, currency === undefined ? {} : { style: 'currency', currency }).format(amount)
  const facts = [
    [words.stage, detail.stageName === undefined ? detail.stage : textIn(detail.stageName, language)],
    [words.customer, detail.customer],
    [words.amount, money],
    [words.product, detail.product],
    [words.promisedAt, instant(detail.promisedAt)],
    [words.requester, detail.requester],
    [words.waitingSince, instant(detail.waitingSince)],
  ] as const
  const known = facts.flatMap(([label, value]) => (value === undefined ? [] : [[label, value] as const]))
  return { kind: 'confirm', order: detail.order, facts: known, isCommentMissing, comment }
}

function send(reply: FastifyReply, page: LinkPage, language: Language): FastifyReply {
  return sendPlainPage(reply, { ...approvalLinkPage(page, language), language })
}
