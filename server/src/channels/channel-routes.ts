import type { Database } from '@stagewatch/db/database.ts'
import {
  channel,
  channelList,
  channelRequest,
  channelTest,
  channelTestAnswer,
  secretsRotated,
} from '@stagewatch/shared/contract/channels.ts'
import { messageLog, messagesQuery } from '@stagewatch/shared/contract/message-log.ts'
import { ended } from '@stagewatch/shared/contract/people.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { deliveryQueued } from '@stagewatch/shared/contract/webhooks.ts'
import { z } from 'zod'
import { callerOf } from '../access/route-access.ts'
import { expectedVersion } from '../platform/edit-version.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { MessageDelivery } from './deliver-message.ts'
import type { Channels } from './manage-channels.ts'
import type { LinkRenewals } from './link-tokens.ts'
import { loadMessages, resendMessage } from './message-log.ts'
import { testChannel } from './test-channel.ts'

const tags = ['channels']
const querystring = z.strictObject({ site: z.string().optional() })
const params = z.object({ id: z.string().max(64) })
const config = { access: 'site.manage' } as const
/** Sending data of the site elsewhere can be set up only after a recent confirmation of identity. */
const provenConfig = { access: 'site.manage', recentProof: true } as const
const notFound = { ...refusals, 404: problem }

interface ChannelRouteOptions {
  readonly database: Database
  readonly channels: Channels
  readonly delivery: MessageDelivery
  readonly linkRenewals: LinkRenewals
}

export function channelRoutes(
  app: TypedApp,
  { database, channels, delivery, linkRenewals: renewals }: ChannelRouteOptions,
): void {
  app.get('/api/v1/channels', {
    config,
    schema: {
      summary: 'Channels through which the site reaches people; of a secret only the last characters',
      tags,
      querystring,
      response: { 200: channelList, ...refusals },
    },
    handler: async (request) => ({ channels: await channels.list(callerOf(request).site) }),
  })

  app.post('/api/v1/channels', {
    config: provenConfig,
    schema: {
      summary: 'Create a channel',
      tags,
      querystring,
      body: channelRequest,
      response: { 200: channel, ...refusals, 409: problem },
    },
    handler: (request) => channels.create(request.body, callerOf(request)),
  })

  app.put('/api/v1/channels/:id', {
    config: provenConfig,
    schema: {
      summary: 'Change a channel; omitted secrets keep their values unless the address changes',
      tags,
      querystring,
      params,
      body: channelRequest,
      response: { 200: channel, ...notFound, 409: problem },
    },
    handler: (request) =>
      channels.change(request.params.id, request.body, callerOf(request), expectedVersion(request.headers)),
  })

  app.delete('/api/v1/channels/:id', {
    config,
    schema: { summary: 'Delete a channel', tags, querystring, params, response: { 200: ended, ...notFound } },
    handler: async (request) => {
      await channels.delete(request.params.id, callerOf(request))
      return { id: request.params.id }
    },
  })

  app.post('/api/v1/channels/:id/test', {
    config: provenConfig,
    schema: {
      summary: 'Send a test message at once and return what the receiver answered',
      tags,
      querystring,
      params,
      body: channelTest,
      response: { 200: channelTestAnswer, ...notFound, 409: problem },
    },
    handler: (request) => {
      const { id } = request.params
      return testChannel(database, delivery, { site: callerOf(request).site, id, ...request.body })
    },
  })

  app.post('/api/v1/admin/secrets/rotate', {
    config: { access: 'operator' },
    schema: {
      summary: 'Encrypt every stored secret with a new key',
      tags: ['administration'],
      querystring,
      response: { 200: secretsRotated, ...refusals, 409: problem },
    },
    handler: (request) => channels.rotateKey(callerOf(request)),
  })

  app.get('/api/v1/messages', {
    config,
    schema: {
      summary: 'Messages to people with their channels and delivery states',
      tags,
      querystring: messagesQuery,
      response: { 200: messageLog, ...refusals },
    },
    handler: async (request) => {
      const messages = await loadMessages(database, callerOf(request).site, request.query)
      const last = messages.length === request.query.limit ? messages.at(-1) : undefined
      return { messages, ...(last !== undefined && { cursor: last.id }) }
    },
  })

  app.post('/api/v1/messages/:id/resend', {
    config,
    schema: {
      summary: 'Resend a message that was refused or given up',
      tags,
      querystring,
      params,
      response: { 200: deliveryQueued, ...notFound, 409: problem },
    },
    handler: async (request) => {
      const { id } = request.params
      const { site } = callerOf(request)
      await database.transaction((tx) => resendMessage(tx, site, id, { now: delivery.clock.now(), renewals }))
      return { id }
    },
  })
}
