import type { LiveChanges, LiveQueryKind, LiveTree, QueryWatch } from '@stagewatch/shared/contract/live-query.ts'
import { changingTopics, treeOfOrders } from '@stagewatch/shared/contract/live-query.ts'
import type { Inbox } from '@stagewatch/shared/contract/messages.ts'
import { orderPartQuery, ordersQuery } from '@stagewatch/shared/contract/orders.ts'
import type { OrdersAnswer } from '@stagewatch/shared/contract/orders.ts'
import { overviewQuery } from '@stagewatch/shared/contract/overview.ts'
import type { OverviewAnswer } from '@stagewatch/shared/contract/overview.ts'
import { tasksQuery } from '@stagewatch/shared/contract/tasks.ts'
import type { TaskBoard, TasksQuery } from '@stagewatch/shared/contract/tasks.ts'
import type { Action } from '@stagewatch/shared/domain/access/action.ts'
import { normalIdentifier } from '@stagewatch/shared/domain/identifier.ts'
import type { z } from 'zod'
import type { Caller } from '../access/caller.ts'
import { describeImport } from '../ingest/imports/describe-import.ts'
import type { Uploads } from '../ingest/imports/uploads.ts'
import { AppError } from '../platform/app-error.ts'
import type { SiteTopic } from '../platform/site-changes.ts'
import { answerOrder, answerOrders, answerOverview } from '../query/answers.ts'
import type { AnswerContext } from '../query/answers.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'

const minuteMs = 60_000
/** Lists of orders and figures also show what is recorded about orders. */
const ordersAndMore: readonly Topic[] = ['orders', 'alerts', 'approvals', 'handovers']

export interface LiveQueryContext extends AnswerContext {
  readonly uploads: Uploads
  /** The message centre of a person at a site. */
  readonly inbox: (site: string, person: string) => Promise<Inbox>
  readonly taskBoard: (caller: Caller, query: TaskQuestion) => Promise<TaskBoard>
}

export type TaskQuestion = Omit<TasksQuery, 'site'>

/** The data that a query depends on; a change of it repeats the query. */
export type Topic = 'orders' | 'rules' | SiteTopic

/** A query, validated and restricted to the caller's rights. */
export interface LiveQueryDefinition {
  readonly topics: readonly Topic[]
  readonly action: Action
  /** Queries with the same key and the same audience share the answer. */
  readonly key: unknown
  readonly answer: (context: LiveQueryContext, caller: Caller) => Promise<LiveTree>
  readonly signature?: (pipeline: SitePipeline) => string
  /** Called before the query is repeated because of a change. */
  readonly changed?: (topic: Topic) => void
}

/** @throws AppError `bad_request` */
export function parseLiveQuery({ kind, order, id, search }: QueryWatch, asker: Caller): LiveQueryDefinition {
  const parameters = parametersOf(search)
  const kinds: Readonly<Record<LiveQueryKind, () => LiveQueryDefinition>> = {
    overview: () => {
      const { site: _site, ...query } = parse(overviewQuery, parameters)
      const answer = async (context: LiveQueryContext, caller: Caller): Promise<LiveTree> =>
        overviewByMinute(await answerOverview(context, caller, query))
      return { topics: ordersAndMore, action: 'numbers.read', key: [kind, query], answer }
    },
    orders: () => {
      const { site: _site, ...query } = parse(ordersQuery, parameters)
      const answer = async (context: LiveQueryContext, caller: Caller): Promise<LiveTree> =>
        treeOfOrders(ordersByMinute(await answerOrders(context, caller, query)))
      return { topics: ordersAndMore, action: 'orders.read', key: [kind, query], answer }
    },
    order: () => {
      const { site: _site, ...part } = parse(orderPartQuery, parameters)
      const name = order === undefined ? undefined : normalIdentifier(order)
      if (name === undefined) throw new AppError('bad_request', 'the query names no order')
      return {
        topics: ['orders'],
        action: 'orders.read',
        key: [kind, name, part],
        answer: (context, caller) => answerOrder(context, caller, name, part),
        signature: ({ engine, catalog }) => {
          const known = engine.order(name)
          return JSON.stringify([known?.eventCount, engine.open.get(known?.openSlot)?.status, catalog.rulesVersion])
        },
      }
    },
    tasks: () => {
      const { site: _site, ...query } = parse(tasksQuery, parameters)
      // What somebody may do to a task, and which are theirs, is for each person.
      const key = [kind, query, asker.kind, asker.id, [...asker.actions]]
      return {
        topics: ['tasks'],
        action: 'orders.read',
        key,
        answer: (context, caller) => context.taskBoard(caller, query),
      }
    },
    upload: () =>
      personalQuery(async (context, caller) => ({
        ...(await context.uploads.view(id ?? '', caller)),
        ...now(context),
      })),
    import: () =>
      personalQuery(async (context, caller) => {
        if (id === undefined || !/^\d{1,15}$/.test(id)) throw new AppError('bad_request', 'the query names no import')
        return { ...(await describeImport(Number(id), caller, context)), ...now(context) }
      }),
    inbox: () => {
      const { id: person } = asker
      if (person === undefined || asker.kind !== 'person')
        throw new AppError('forbidden', 'only a signed-in user may do that')
      // Messages of a person are private.
      const answer = async (context: LiveQueryContext, { site }: Caller): Promise<LiveTree> => ({
        ...(await context.inbox(site, person)),
        ...now(context),
      })
      return { topics: ['inbox'], action: 'board.read', key: [kind, person], answer }
    },
    changes: () => {
      const counts: LiveChanges['counts'] = {
        tasks: 0,
        alerts: 0,
        'alert-rules': 0,
        approvals: 0,
        handovers: 0,
        rules: 0,
      }
      let since: number | undefined
      return {
        topics: changingTopics,
        action: 'board.read',
        key: [kind],
        answer: (context) =>
          Promise.resolve({ since: (since ??= context.clock.now()), counts: { ...counts }, ...now(context) }),
        changed: (topic) => {
          const counted = changingTopics.find((one) => one === topic)
          if (counted !== undefined) counts[counted] += 1
        },
      }
    },
  }
  // The caller's own uploads, and the values of their cells, are private.
  const personalQuery = (answer: LiveQueryDefinition['answer']): LiveQueryDefinition => {
    return { topics: ['imports'], action: 'imports.manage', key: [kind, id, asker.kind, asker.name], answer }
  }
  return kinds[kind]()
}

/** Imports have no position in the log. */
function now({ clock }: LiveQueryContext) {
  return { asOf: clock.now(), position: '0' }
}

/** Like a query string on a web server: a repeated parameter becomes a list. */
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
  if (!parsed.success) throw new AppError('bad_request', 'the query is malformed')
  return parsed.data
}

/**
 * Durations that grow with time are rounded to the minute, so that they are sent once per minute and not with every
 * answer.
 */
function toMinute(ms: number): number {
  return Math.floor(ms / minuteMs) * minuteMs
}

export function ordersByMinute({ orders, ...answer }: OrdersAnswer): OrdersAnswer {
  return {
    ...answer,
    orders: orders.map((order) => ({
      ...order,
      ageMs: toMinute(order.ageMs),
      ...(order.overdueMs !== undefined && { overdueMs: toMinute(order.overdueMs) }),
    })),
  }
}

export function overviewByMinute(answer: OverviewAnswer): OverviewAnswer {
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
