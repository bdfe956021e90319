import { problem } from '@stagewatch/shared/contract/problem.ts'
import { screen, screenChange, screenList, screenSelf } from '@stagewatch/shared/contract/screen.ts'
import { z } from 'zod'
import { AppError } from '../platform/app-error.ts'
import { expectedVersion } from '../platform/edit-version.ts'
import { changeScreen, commandScreen, listScreens, revokeScreen } from './manage-screens.ts'
import { selfOf, loadScreensOf } from './screens-table.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import { callerOf } from '../access/route-access.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { ScreenContext } from './screen-context.ts'

const tags = ['screens']
const params = z.object({ id: z.string().max(64) })
const querystring = z.strictObject({ site: z.string().optional() })
const found = { ...refusals, 404: problem } as const
const asked = z.object({ asked: z.literal(true) })
const revoked = z.object({ revoked: z.literal(true) })

interface ScreenRouteOptions {
  readonly screens: ScreenContext
  /** See `clientBuild`. */
  readonly build: string
}

export function screenRoutes(app: TypedApp, { screens, build }: ScreenRouteOptions): void {
  app.get('/api/v1/screens', {
    config: { access: 'screens.read' },
    schema: { summary: 'Screens of the site', tags, querystring, response: { 200: screenList, ...refusals } },
    handler: async (request) => ({ screens: await listScreens(screens, callerOf(request)), build }),
  })

  app.get('/api/v1/screens/self', {
    config: { access: 'screen' },
    schema: { summary: 'What a screen shows', tags, response: { 200: screenSelf, ...found } },
    handler: async (request) => {
      const { site, id = '' } = callerOf(request)
      const [stored] = await loadScreensOf(screens.database, [{ site, id }])
      if (stored === undefined) throw new AppError('not_found', 'there is no such screen')
      return selfOf(stored)
    },
  })

  app.put('/api/v1/screens/:id', {
    config: { access: 'screens.manage' },
    schema: {
      summary: 'Rename or configure a screen',
      tags,
      params,
      querystring,
      body: screenChange,
      response: { 200: screen, ...found, 409: problem },
    },
    handler: (request) =>
      changeScreen(screens, callerOf(request), request.params.id, request.body, expectedVersion(request.headers)),
  })

  for (const [command, summary] of [
    ['identify', 'Make a screen show its name in large letters'],
    ['reload', 'Make a screen reload'],
  ] as const) {
    app.post(`/api/v1/screens/:id/${command}`, {
      config: { access: 'screens.manage' },
      schema: { summary, tags, params, querystring, response: { 200: asked, ...found } },
      handler: async (request) => {
        await commandScreen(screens, callerOf(request), request.params.id, command)
        return { asked: true as const }
      },
    })
  }

  app.delete('/api/v1/screens/:id', {
    config: { access: 'screens.manage' },
    schema: {
      summary: 'Revoke a screen, which then shows a pairing code again',
      tags,
      params,
      querystring,
      response: { 200: revoked, ...found },
    },
    handler: async (request) => {
      await revokeScreen(screens, callerOf(request), request.params.id)
      return { revoked: true as const }
    },
  })
}
