import { channels } from '@stagewatch/db/channels-schema.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import {
  messageText,
  messageTextList,
  textPath,
  textPreview,
  textPreviewRequest,
  wording,
} from '@stagewatch/shared/contract/message-texts.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { actorOf } from '../access/actor.ts'
import { callerOf } from '../access/route-access.ts'
import type { MessageDelivery } from '../channels/deliver-message.ts'
import { changeText, listTexts, requireWording, resetText } from '../channels/site-texts.ts'
import type { TextPlace } from '../channels/site-texts.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { expectedVersion } from '../platform/edit-version.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { previewText } from './text-preview.ts'

interface TextRouteOptions {
  readonly sites: SiteRegistry
  readonly database: Database
  readonly clock: Clock
  readonly delivery: MessageDelivery
}

const tags = ['channels']
const querystring = z.strictObject({ site: z.string().optional() })
const config = { access: 'rules.change' } as const

/** Routes by which a site changes the texts of its messages. */
export function textRoutes(app: TypedApp, { sites, database, clock, delivery }: TextRouteOptions): void {
  const textNow = async (site: string, { key, language }: TextPlace) => {
    const text = (await listTexts(database, site)).find((one) => one.key === key && one.language === language)
    if (text === undefined) throw new Error(`there is no text ${key} in ${language}`)
    return text
  }
  const kindsOf = async (site: string) => {
    const rows = await drizzleOn(database)
      .selectDistinct({ kind: channels.kind })
      .from(channels)
      .where(and(eq(channels.site, site), eq(channels.enabled, true)))
    return rows.map(({ kind }) => kind)
  }

  app.get('/api/v1/message-texts', {
    config,
    schema: {
      summary: 'The texts of messages to people and customers in every language',
      tags,
      querystring,
      response: { 200: messageTextList, ...refusals },
    },
    handler: async (request) => ({ texts: await listTexts(database, callerOf(request).site) }),
  })

  app.put('/api/v1/message-texts/:key/:language', {
    config,
    schema: {
      summary: 'Change the text of messages in one language',
      tags,
      querystring,
      params: textPath,
      body: wording,
      response: { 200: messageText, ...refusals, 409: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const { site } = caller
      requireWording(request.params.key, request.body, await kindsOf(site))
      const change = { actor: actorOf(caller), expected: expectedVersion(request.headers), changedAt: clock.now() }
      await changeText(database, site, request.params, request.body, change)
      return textNow(site, request.params)
    },
  })

  app.delete('/api/v1/message-texts/:key/:language', {
    config,
    schema: {
      summary: 'Use the text of the product again',
      tags,
      querystring,
      params: textPath,
      response: { 200: messageText, ...refusals },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      await resetText(database, caller.site, request.params, { actor: actorOf(caller), changedAt: clock.now() })
      return textNow(caller.site, request.params)
    },
  })

  app.post('/api/v1/message-texts/preview', {
    config,
    schema: {
      summary: 'Show what the channels make of a text, with the data of an order, before it is saved',
      tags,
      querystring,
      body: textPreviewRequest,
      response: { 200: textPreview, ...refusals },
    },
    handler: async (request) => {
      const { site } = callerOf(request)
      const { key, title, body } = request.body
      requireWording(key, { title, body }, await kindsOf(site))
      const options = { database, publicUrl: delivery.publicUrl(), now: clock.now() }
      return previewText(await sites.get(site), request.body, options)
    },
  })
}
