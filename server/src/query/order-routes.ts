import type { IncomingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import {
  orderDetail,
  orderPartQuery,
  ordersAnswer,
  ordersFileQuery,
  ordersQuery,
} from '@stagewatch/shared/contract/orders.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { pickLanguage } from '@stagewatch/shared/domain/locales.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { z } from 'zod'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { addressOf, callerOf } from '../access/route-access.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import { serverTexts } from '../platform/server-texts.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import { answerOrder, answerOrders } from './answers.ts'
import type { AnswerContext } from './answers.ts'
import type { FileLimiter } from './file-limiter.ts'
import { csvLines, ordersFile, xlsxPieces } from './orders-file.ts'

const tags = ['orders']
const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

export function orderRoutes(app: TypedApp, context: AnswerContext & { readonly files: FileLimiter }): void {
  /** The file counts until it was sent, or its client has gone. */
  const beginFile = (request: FastifyRequest, reply: FastifyReply): void => {
    const { site, kind, id, name } = callerOf(request)
    const from = id === undefined ? addressOf(request) : ''
    reply.raw.once('close', context.files.begin(JSON.stringify([site, kind, id ?? name, from])))
  }

  app.get('/api/v1/orders', {
    config: { access: 'orders.read' },
    schema: {
      summary: 'Orders, a page at a time',
      tags,
      querystring: ordersQuery,
      response: { 200: ordersAnswer, ...refusals },
    },
    handler: (request) => answerOrders(context, callerOf(request), request.query),
  })

  app.get('/api/v1/orders.csv', {
    config: { access: 'orders.read', load: 'exports' },
    schema: {
      summary: 'Orders as a file for spreadsheets, all pages at once',
      tags,
      querystring: ordersFileQuery,
      response: {
        200: { description: 'CSV in UTF-8 with titles', content: { 'text/csv': { schema: z.string() } } },
        ...refusals,
      },
    },
    handler: async (request, reply) => {
      beginFile(request, reply)
      const file = await ordersFile(context, callerOf(request), request.query, languageOf(request))
      reply.header('content-type', 'text/csv; charset=utf-8')
      reply.header('content-disposition', 'attachment; filename="orders.csv"')
      // Fastify's reply type excludes streams if there is a schema; Fastify sends them unchanged.
      return reply.send(Readable.from(csvLines(file)) as unknown as string)
    },
  })

  app.get('/api/v1/orders.xlsx', {
    config: { access: 'orders.read', load: 'exports' },
    schema: {
      summary: 'The same as a workbook, with numbers and times as typed cells',
      tags,
      querystring: ordersFileQuery,
      response: {
        200: { description: 'Office Open XML', content: { [xlsxType]: { schema: z.string() } } },
        ...refusals,
      },
    },
    handler: async (request, reply) => {
      beginFile(request, reply)
      const language = languageOf(request)
      const file = await ordersFile(context, callerOf(request), request.query, language)
      const pieces = xlsxPieces(file, serverTexts(language).ordersFile.title)
      reply.header('content-type', xlsxType)
      reply.header('content-disposition', 'attachment; filename="orders.xlsx"')
      return reply.send(Readable.from(pieces) as unknown as string)
    },
  })

  app.get('/api/v1/orders/:order', {
    config: { access: 'orders.read' },
    schema: {
      summary: 'One order with its visits and events; a long one is paged',
      tags,
      params: z.object({ order: z.string().max(200) }),
      querystring: orderPartQuery,
      response: { 200: orderDetail, ...refusals, 404: problem },
    },
    handler: (request) => answerOrder(context, callerOf(request), request.params.order, request.query),
  })
}

/** The requested language, or else the browser's preference. */
function languageOf({
  query,
  headers,
}: {
  readonly query: { readonly lang?: string | undefined }
  readonly headers: IncomingHttpHeaders
}): Language {
  return pickLanguage(query.lang ?? null, headers['accept-language'] ?? '')
}
