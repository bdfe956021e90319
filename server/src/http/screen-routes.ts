import { problem } from '@stagewatch/shared/contract/problem.ts'
import { screen, screenChange, screenList, screenSelf } from '@stagewatch/shared/contract/screen.ts'
import { z } from 'zod'
import { AppError } from '../app-error.ts'
import { changeScreen, commandScreen, listScreens, revokeScreen } from '../screens/manage-screens.ts'
import { selfOf } from '../screens/screen-self.ts'
import { loadScreensOf } from '../screens/screens-table.ts'
import { refusals } from './refusals.ts'
import { callerOf } from './route-access.ts'
import type { RouteContext, TypedApp } from './route-context.ts'

const tags = ['screens']
const params = z.object({ id: z.string().max(64) })
const querystring = z.strictObject({ site: z.string().optional() })
const found = { ...refusals, 404: problem } as const
const asked = z.object({ asked: z.literal(true) })
const revoked = z.object({ revoked: z.literal(true) })

export function registerScreenRoutes(app: TypedApp, { screens, build }: RouteContext): void {
  app.get('/api/v1/screens', {
    config: { access: 'screens.read' },
    schema: { summary: 'Screens of the site', tags, querystring, response: { 200: screenList, ...refusals } },
    handler: async (request) => ({ screens: await listScreens(screens, callerOf(request)), build }),
  })

  app.get('/api/v1/screens/self', {
    config: { access: 'board.read' },
    schema: { summary: 'What a screen is to show', tags, response: { 200: screenSelf, ...found } },
    handler: async (request) => {
      const { kind, site, id } = callerOf(request)
      if (kind !== 'screen' || id === undefined) throw new AppError('forbidden', 'only a screen may ask who it is')
      const [stored] = await loadScreensOf(screens.database, [{ site, id }])
      if (stored === undefined) throw new AppError('not_found', 'there is no such screen')
      return selfOf(stored)
    },
  })

  app.put('/api/v1/screens/:id', {
    config: { access: 'screens.manage' },
    schema: {
      summary: 'Rename a screen or set it up',
      tags,
      params,
      querystring,
      body: screenChange,
      response: { 200: screen, ...found },
    },
    handler: (request) => changeScreen(screens, callerOf(request), request.params.id, request.body),
  })

  for (const [command, summary] of [
    ['identify', 'Have a screen show its name large'],
    ['reload', 'Have a screen load itself again'],
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
      summary: 'Revoke a screen: it shows a pairing code again',
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
