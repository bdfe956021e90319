import type { FastifyReply, FastifyRequest } from 'fastify'
import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { textIn } from '@stagewatch/shared/domain/local-text.ts'
import { languages, locales, pickLanguage, type Language } from '@stagewatch/shared/domain/locales.ts'
import { oldData } from '@stagewatch/shared/domain/old-data.ts'
import { z } from 'zod'
import { identifyCaller, requireAction } from '../access/caller.ts'
import { AppError } from '../platform/app-error.ts'
import { basicWallPage } from './basic-wall-page.ts'
import type { BasicWall, RefusedReason } from './basic-wall-page.ts'
import { pollPairing } from './poll-pairing.ts'
import type { StoredScreen } from './screens-table.ts'
import { warnOfLostToken } from './screen-tokens.ts'
import { boardSnapshot } from '../live/board-routes.ts'
import { askToBePaired } from './pairing-routes.ts'
import { noteRefusal } from '../platform/http/problem-answer.ts'
import { requestOrigin } from '../platform/http/same-origin.ts'
import { addressOf, credentialsOf } from '../access/route-access.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { AccessRules } from '../access/caller.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import type { PairingOptions } from './pairing-routes.ts'

const path = '/wall/basic'
const cookieName = 'stagewatch-basic-wall'
/** The longest lifetime that browsers allow for a cookie. */
const keptS = 400 * 86_400

const query = z.object({
  site: z.string().max(100).optional(),
  board: z.string().min(1).max(250).default('overview'),
  lang: z.enum(languages).optional().catch(undefined),
  key: z
    .string()
    .regex(/^[\w-]{1,250}$/, 'must be a key')
    .optional(),
  /** Set after an answer that set a cookie. */
  kept: z.string().optional(),
})
type Query = z.infer<typeof query>
type Request = FastifyRequest<{ Querystring: Query }>

const reasons: Partial<Record<ProblemCode, RefusedReason>> = {
  rate_limited: 'busy',
  unknown_board: 'unknownBoard',
  not_found: 'unknownBoard',
}

/** Contents of the cookie: the token of the screen, or its pairing in progress. */
type Kept =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'pairing'; readonly deviceCode: string; readonly userCode: string }

interface BasicWallOptions extends PairingOptions {
  readonly sites: SiteRegistry
  readonly access: AccessRules
}

/**
 * The wall for browsers that cannot run its script. Such a screen keeps its token in a cookie, which only this route
 * reads: somebody who makes a browser send it gets no more than this page.
 */
export function basicWallRoutes(app: TypedApp, options: BasicWallOptions): void {
  const { screens, sites, access, clock, publicUrl } = options

  const errorHandler = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    void refuse(error, request, reply)
  }

  app.get(path, { schema: { hide: true, querystring: query }, errorHandler }, async (request, reply) => {
    const { key } = request.query
    if (key !== undefined) {
      keep(request, reply, { kind: 'token', token: key })
      return reply.redirect(pageAddress({ ...request.query, key: undefined, kept: '1' }))
    }
    const kept = keptIn(request)
    try {
      if (kept?.kind !== 'pairing') return await showNumbers(request, reply, kept?.token)
      const { token } = await pollPairing(screens, kept.deviceCode)
      keep(request, reply, { kind: 'token', token })
      return await showNumbers(request, reply, token)
    } catch (error) {
      const code = error instanceof AppError ? error.code : undefined
      if (kept?.kind === 'pairing' && (code === 'authorization_pending' || code === 'slow_down')) {
        const address = `${publicUrl ?? requestOrigin(request)}/pair`.replace(/^https?:\/\//, '')
        return send(reply, { kind: 'pairing', userCode: kept.userCode, address }, languageOf(request))
      }
      if (code !== 'unauthorized' && code !== 'code_expired') throw error
    }
    return pair(request, reply)
  })

  /** @throws AppError `unauthorized` when the screen has to be paired. */
  async function showNumbers(request: Request, reply: FastifyReply, token: string | undefined): Promise<FastifyReply> {
    // Sessions and headers are ignored: the wall must not depend on who has signed in.
    const caller = await identifyCaller({ ...credentialsOf(request), cookie: undefined, token }, access)
    requireAction(caller, 'board.read')
    const screen = caller.kind === 'screen' && token !== undefined ? await admit(request, reply, token) : undefined
    const shown = await boardSnapshot(sites, caller, screen?.settings.board ?? request.query.board)
    const { kpis, site, dataAsOf } = shown
    const language = screen?.settings.language ?? languageOf(request)
    const format = (at: number, style: Intl.DateTimeFormatOptions): string =>
      new Intl.DateTimeFormat(locales[language].formatTag, { timeZone: site.timeZone, ...style }).format(at)
    const now = clock.now()
    const old = oldData(shown, now)
    const numbers: BasicWall = {
      kind: 'numbers',
      kpis,
      site: textIn(site.name, language),
      time: format(dataAsOf ?? now, { timeStyle: 'medium' }),
      isCutOff: dataAsOf !== undefined,
      ...(old !== undefined && { old: { date: format(old.endsOn, { dateStyle: 'medium' }), days: old.days } }),
    }
    return send(reply, numbers, language)
  }

  /** A request proves the same as a connection: that the screen is online, and which token it has stored. */
  async function admit(request: Request, reply: FastifyReply, token: string): Promise<StoredScreen> {
    const screen = await screens.tokens.admit(token)
    const leave = screens.presence.join(screen, addressOf(request), clock.now(), request.headers['user-agent'])
    leave(clock.now())
    const issued = await screens.tokens.rotate(screen, token)
    if (issued === undefined) return screen
    if (issued.replacesLost) warnOfLostToken(request.log, screen)
    keep(request, reply, { kind: 'token', token: issued.token })
    return screen
  }

  async function pair(request: Request, reply: FastifyReply): Promise<FastifyReply> {
    if (request.query.kept !== undefined && keptIn(request) === undefined) {
      return send(reply, { kind: 'refused', reason: 'noCookies' }, languageOf(request))
    }
    const { deviceCode, userCode } = await askToBePaired(request, options)
    keep(request, reply, { kind: 'pairing', deviceCode, userCode })
    return reply.redirect(pageAddress({ ...request.query, kept: '1' }))
  }

  function keep(request: Request, reply: FastifyReply, kept: Kept): void {
    const value = kept.kind === 'token' ? `t.${kept.token}` : `p.${kept.deviceCode}.${kept.userCode}`
    // Depends on how the screen itself has connected: it may reach the server without TLS although others do not, and
    // would drop a secure cookie. The header of the proxy is trusted, because it can only make the cookie stricter.
    const isSecure = request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https'
    const attributes = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${keptS}${isSecure ? '; Secure' : ''}`
    void reply.header('set-cookie', `${cookieName}=${value}; ${attributes}`)
  }

  /**
   * Whatever goes wrong, the browser gets a page that asks again: an error body would stay until somebody comes. The
   * status is that of a success, because a proxy may replace the body of an error by a page of its own.
   */
  function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { code } = noteRefusal(error, request)
    const isAway = error instanceof DatabaseUnavailableError && error.reason === 'away'
    const reason = isAway ? 'databaseAway' : (reasons[code] ?? 'starting')
    return send(reply.code(200), { kind: 'refused', reason }, languageOf(request))
  }

  function send(reply: FastifyReply, wall: BasicWall, language: Language): FastifyReply {
    return reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(basicWallPage(wall, language))
  }
}

/** Also for a request whose query is invalid. */
function languageOf({ query: given, headers }: FastifyRequest): Language {
  const { lang } = query.pick({ lang: true }).parse(given)
  return pickLanguage(lang ?? null, headers['accept-language'] ?? '')
}

/** Relative, so that it works behind a proxy that serves a subpath. */
function pageAddress(asked: Query): string {
  const given = Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return `basic?${new URLSearchParams(given).toString()}`
}

/** Undefined if there is no such cookie, or its format is invalid. */
function keptIn({ headers }: FastifyRequest): Kept | undefined {
  const [, text = ''] = new RegExp(`(?:^|;\\s*)${cookieName}=([^;]+)`).exec(headers.cookie ?? '') ?? []
  const [kind, first, second] = text.split('.')
  if (kind === 't' && first !== undefined) return { kind: 'token', token: first }
  return kind === 'p' && first !== undefined && second !== undefined
    ? { kind: 'pairing', deviceCode: first, userCode: second }
    : undefined
}
