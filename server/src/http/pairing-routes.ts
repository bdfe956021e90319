import {
  pairingApproval,
  pairingAsked,
  pairingDone,
  pairingPoll,
  pairingStarted,
  userCode,
} from '@stagewatch/shared/contract/pairing.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { screen } from '@stagewatch/shared/contract/screen.ts'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { approvePairing, denyPairing, findPairing } from '../screens/answer-pairing.ts'
import { AttemptLimit } from '../screens/attempt-limit.ts'
import { pollPairing } from '../screens/poll-pairing.ts'
import { startPairing } from '../screens/start-pairing.ts'
import { refusals } from './refusals.ts'
import { callerOf } from './route-access.ts'
import type { RouteContext, TypedApp } from './route-context.ts'

const tags = ['screens']
const windowMs = 600_000
/** A hall full of screens may stand behind one address. */
const startLimit = { windowMs, perAddress: 60, inAll: 1_000 }
const wrongCodeLimit = { windowMs, perAddress: 5, inAll: 50 }
const params = z.object({ userCode })
const querystring = z.strictObject({ site: z.string().optional() })
const codeRefusals = { ...refusals, 404: problem, 409: problem, 410: problem } as const
const denied = z.object({ denied: z.literal(true) })

/** How a screen gets its token (RFC 8628). */
export function registerPairingRoutes(app: TypedApp, { screens, sites, clock, publicUrl }: RouteContext): void {
  const starts = new AttemptLimit(clock, startLimit)
  const wrongCodes = new AttemptLimit(clock, wrongCodeLimit)
  const typedCode = ({ params: typed, ip }: { params: z.infer<typeof params>; ip: string }) => ({
    userCode: typed.userCode,
    address: ip,
    wrongCodes,
  })

  app.post('/api/v1/screens/pairing', {
    config: { access: 'everyone' },
    schema: {
      summary: 'A screen asks to be paired',
      tags,
      security: [],
      response: { 200: pairingStarted, 429: problem },
    },
    handler: async (request) => {
      const { ip: address, headers } = request
      starts.require(address)
      starts.add(address)
      const device = headers['user-agent'] ?? ''
      return startPairing(screens.database, { address, device, origin: publicUrl ?? originOf(request) }, clock.now())
    },
  })

  app.post('/api/v1/screens/pairing/token', {
    config: { access: 'everyone' },
    schema: {
      summary: 'A screen asks whether it was approved; the token is given once',
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
    handler: (request) => findPairing(screens, typedCode(request)),
  })

  app.post('/api/v1/screens/pairing/:userCode/approve', {
    config: { access: 'screens.manage' },
    schema: {
      summary: 'Let the screen in that shows a code',
      tags,
      params,
      querystring,
      body: pairingApproval,
      response: { 200: screen, ...codeRefusals },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      await sites.get(caller.site)
      return approvePairing(screens, caller, typedCode(request), request.body)
    },
  })

  app.post('/api/v1/screens/pairing/:userCode/deny', {
    config: { access: 'screens.manage' },
    schema: {
      summary: 'Turn the screen away that shows a code',
      tags,
      params,
      querystring,
      response: { 200: denied, ...codeRefusals },
    },
    handler: async (request) => {
      await denyPairing(screens, typedCode(request))
      return { denied: true as const }
    },
  })
}

/** Behind a proxy that ends TLS only the page itself knows that its address begins with https. */
function originOf({ headers: { origin }, protocol, host }: FastifyRequest): string {
  const told = origin !== undefined && URL.canParse(origin) ? new URL(origin) : undefined
  return told?.host === host ? told.origin : `${protocol}://${host}`
}
