import type { LiveQueryKind, LiveTree, QueryWatch } from '@stagewatch/shared/contract/live-query.ts'
import { treeOfOrders } from '@stagewatch/shared/contract/live-query.ts'
import { orderPartQuery, ordersQuery } from '@stagewatch/shared/contract/orders.ts'
import type { OrdersAnswer } from '@stagewatch/shared/contract/orders.ts'
import { overviewQuery } from '@stagewatch/shared/contract/overview.ts'
import type { OverviewAnswer } from '@stagewatch/shared/contract/overview.ts'
import type { Action } from '@stagewatch/shared/domain/access/action.ts'
import { normalIdentifier } from '@stagewatch/shared/domain/identifier.ts'
import type { z } from 'zod'
import type { Caller } from '../access/caller.ts'
import { describeImport } from '../ingest/imports/describe-import.ts'
import type { Uploads } from '../ingest/imports/uploads.ts'
import { AppError } from '../platform/app-error.ts'
import { answerOrder, answerOrders, answerOverview } from '../query/answers.ts'
import type { AnswerContext } from '../query/answers.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'

const minuteMs = 60_000

export interface QuestionContext extends AnswerContext {
  readonly uploads: Uploads
}

/** What a question is about: it is answered again when something of that has changed. */
export type Topic = 'orders' | 'imports'

/** A question, checked and narrowed to what its caller may ask. */
export interface Question {
  readonly topic: Topic
  readonly action: Action
  /** Who ask the same as the same audience share the answer. */
  readonly key: unknown
  readonly answer: (context: QuestionContext, caller: Caller) => Promise<LiveTree>
  readonly signature?: (pipeline: SitePipeline) => string
}

/** @throws AppError `bad_request` */
export function questionOf({ kind, order, id, search }: QueryWatch, asker: Caller): Question {
  const parameters = parametersOf(search)
  const kinds: Readonly<Record<LiveQueryKind, () => Question>> = {
    overview: () => {
      const { site: _site, ...query } = parse(overviewQuery, parameters)
      const answer = async (context: QuestionContext, caller: Caller): Promise<LiveTree> =>
        overviewByMinute(await answerOverview(context, caller, query))
      return { topic: 'orders', action: 'numbers.read', key: [kind, query], answer }
    },
    orders: () => {
      const { site: _site, ...query } = parse(ordersQuery, parameters)
      const answer = async (context: QuestionContext, caller: Caller): Promise<LiveTree> =>
        treeOfOrders(ordersByMinute(await answerOrders(context, caller, query)))
      return { topic: 'orders', action: 'orders.read', key: [kind, query], answer }
    },
    order: () => {
      const { site: _site, ...part } = parse(orderPartQuery, parameters)
      const name = order === undefined ? undefined : normalIdentifier(order)
      if (name === undefined) throw new AppError('bad_request', 'the question names no order')
      return {
        topic: 'orders',
        action: 'orders.read',
        key: [kind, name, part],
        answer: (context, caller) => answerOrder(context, caller, name, part),
        signature: ({ engine, catalog }) => {
          const known = engine.order(name)
          return JSON.stringify([known?.eventCount, engine.open.get(known?.openSlot)?.status, catalog.rulesVersion])
        },
      }
    },
    upload: () =>
      ownQuestion(async (context, caller) => ({ ...(await context.uploads.view(id ?? '', caller)), ...now(context) })),
    import: () =>
      ownQuestion(async (context, caller) => {
        if (id === undefined || !/^\d{1,15}$/.test(id))
          throw new AppError('bad_request', 'the question names no import')
        return { ...(await describeImport(Number(id), caller, context)), ...now(context) }
      }),
  }
  // What somebody has sent, and the values of its cells, are for nobody else.
  const ownQuestion = (answer: Question['answer']): Question => {
    return { topic: 'imports', action: 'imports.manage', key: [kind, id, asker.kind, asker.name], answer }
  }
  return kinds[kind]()
}

/** Imports have no place in the log. */
function now({ clock }: QuestionContext) {
  return { asOf: clock.now(), position: '0' }
}

/** As a web server reads a query string: what is named several times is a list. */
function parametersOf(search: string): Record<string, string | string[]> {
  const parameters = new URLSearchParams(search)
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name)
      return [name, values.length === 1 ? (values[0] ?? '') : values]
    }),
  )
}

function parse<Schema extends z.ZodType>(schema: Schema, parameters: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(parameters)
  if (!parsed.success) throw new AppError('bad_request', 'the question is malformed')
  return parsed.data
}

/** Durations that grow with time are told to the minute, so that they travel once a minute and not with every answer. */
function toMinute(ms: number): number {
  return Math.floor(ms / minuteMs) * minuteMs
}

function ordersByMinute({ orders, ...answer }: OrdersAnswer): OrdersAnswer {
  return {
    ...answer,
    orders: orders.map((order) => ({
      ...order,
      ageMs: toMinute(order.ageMs),
      ...(order.overdueMs !== undefined && { overdueMs: toMinute(order.overdueMs) }),
    })),
  }
}

function overviewByMinute(answer: OverviewAnswer): OverviewAnswer {
  const { lateness } = answer
  return {
    ...answer,
    to: toMinute(answer.to),
    lateness: {
      ...lateness,
      overdueMs: toMinute(lateness.overdueMs),
      departments: lateness.departments.map((one) => ({ ...one, overdueMs: toMinute(one.overdueMs) })),
    },
  }
}
