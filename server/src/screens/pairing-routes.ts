import {
  pairingApproval,
  pairingAsked,
  pairingDone,
  pairingPoll,
  pairingStarted,
  userCode,
  type PairingStarted,
} from '@stagewatch/shared/contract/pairing.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { screen } from '@stagewatch/shared/contract/screen.ts'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { AttemptRule, Attempts } from '../platform/rate-limits/attempts.ts'
import type { Caller } from '../access/caller.ts'
import { addressGroup, addressNetwork } from '../platform/http/client-address.ts'
import { AppError } from '../platform/app-error.ts'
import { approvePairing, denyPairing, findPairing } from './answer-pairing.ts'
import { pollPairing } from './poll-pairing.ts'
import { startPairing } from './start-pairing.ts'
import { sampleSite } from '../platform/site.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import { requestOrigin } from '../platform/http/same-origin.ts'
import { addressOf, callerOf } from '../access/route-access.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { Clock } from '../platform/clock/clock.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import type { ScreenContext } from './screen-context.ts'

const tags = ['screens']
const window = { kind: 'window', windowMs: 600_000 } as const
/** A hall full of screens may share one address. */
const startLimit: AttemptRule = { ...window, name: 'pairing', most: 60 }
/** Limits how many rows of the table one network can fill, in which a host may have many addresses. */
const networkLimit: AttemptRule = { ...window, name: 'pairing-network', most: 600 }
/** Per caller, so that the mistakes of others keep nobody from pairing. */
const wrongCodeLimit: AttemptRule = { ...window, name: 'pairing-code', most: 5 }
const params = z.object({ userCode })
const querystring = z.strictObject({ site: z.string().optional() })
const codeRefusals = { ...refusals, 404: problem, 409: problem, 410: problem } as const
const denied = z.object({ denied: z.literal(true) })

/** How a screen gets its token (RFC 8628). */
/** Dependencies of starting a pairing. */
export interface PairingOptions {
  readonly screens: ScreenContext
  readonly attempts: Attempts
  readonly clock: Clock
  /** URL under which people reach the server, without a trailing slash; undefined if not configured. */
  readonly publicUrl: string | undefined
}

export function pairingRoutes(app: TypedApp, options: PairingOptions & { readonly sites: SiteRegistry }): void {
  const { screens, sites, attempts } = options
  /** @throws AppError whatever `work` throws, `rate_limited`, or `forbidden` in the sample. */
  const withCode = async <T>(request: FastifyRequest, work: (caller: Caller) => Promise<T>): Promise<T> => {
    const caller = callerOf(request)
    if (caller.site === sampleSite && caller.kind !== 'operator') {
      throw new AppError('forbidden', 'the sample site cannot have screens: pair them with a real site')
    }
    const who = `${caller.kind} ${caller.site} ${caller.id ?? caller.name}`
    await attempts.require(wrongCodeLimit, who)
    try {
      return await work(caller)
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') await attempts.add(wrongCodeLimit, who)
      throw error
    }
  }

  app.post('/api/v1/screens/pairing', {
    config: { access: 'everyone' },
    schema: {
      summary: 'Start pairing a screen',
      tags,
      security: [],
      response: { 200: pairingStarted, 429: problem },
    },
    handler: (request) => askToBePaired(request, options),
  })

  app.post('/api/v1/screens/pairing/token', {
    config: { access: 'everyone' },
    schema: {
      summary: 'Poll whether a screen was approved; the token is returned once',
      tags,
      security: [],
      body: pairingPoll,
      response: { 200: pairingDone, 400: problem, 410: problem },
    },
    handler: (request) => pollPairing(screens, request.body.deviceCode),
  })

  app.get('/api/v1/screens/pairing/:userCode', {
    config: { access: 'screens.manage' },
    schema: {
      summary: 'The screen that shows a code',
      tags,
      params,
      querystring,
      response: { 200: pairingAsked, ...codeRefusals },
    },
    handler: (request) => withCode(request, () => findPairing(screens, request.params.userCode)),
  })

  app.post('/api/v1/screens/pairing/:userCode/approve', {
    config: { access: 'screens.manage' },
    schema: {
      summary: 'Approve the screen that shows a code',
      tags,
      params,
      querystring,
      body: pairingApproval,
      response: { 200: screen, ...codeRefusals },
    },
    handler: (request) =>
      withCode(request, async (caller) => {
        const { code } = (await sites.get(caller.site)).site
        return approvePairing(screens, { ...caller, site: code }, request.params.userCode, request.body)
      }),
  })

  app.post('/api/v1/screens/pairing/:userCode/deny', {
    config: { access: 'screens.manage' },
    schema: {
      summary: 'Reject the screen that shows a code',
      tags,
      params,
      querystring,
      response: { 200: denied, ...codeRefusals },
    },
    handler: async (request) => {
      await withCode(request, () => denyPairing(screens, request.params.userCode))
      return { denied: true as const }
    },
  })
}

/** @throws AppError `rate_limited`. */
export async function askToBePaired(
  request: FastifyRequest,
  { screens, attempts, clock, publicUrl }: PairingOptions,
): Promise<PairingStarted> {
  const address = addressOf(request)
  await attempts.take(startLimit, addressGroup(address))
  await attempts.take(networkLimit, addressNetwork(address))
  const device = request.headers['user-agent'] ?? ''
  return startPairing(screens.database, { address, device, origin: publicUrl ?? requestOrigin(request) }, clock.now())
}
