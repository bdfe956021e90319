import { z } from 'zod'
import { importDetail } from './imports.ts'
import { inbox } from './messages.ts'
import { orderDetail, ordersAnswer } from './orders.ts'
import { orderSummary } from './order-summary.ts'
import type { OrdersAnswer } from './orders.ts'
import { overviewAnswer } from './overview.ts'
import { problemCode } from './problem.ts'
import { taskBoard } from './tasks.ts'
import { uploadView } from './uploads.ts'

/**
 * Queries that a page of the desk can subscribe to: the responses of `/api/v1/overview`, `/api/v1/orders`,
 * `/api/v1/orders/{order}`, `/api/v1/tasks`, `/api/v1/uploads/{id}`, `/api/v1/imports/{id}` and `/api/v1/inbox`, and
 * `changes`, which says when a page has to repeat other requests.
 */
export const liveQueryKinds = ['overview', 'orders', 'order', 'tasks', 'upload', 'import', 'inbox', 'changes'] as const
export type LiveQueryKind = (typeof liveQueryKinds)[number]

/**
 * client → server, with an acknowledgement: `query:watch`. From then on `board:delta`, `board:pulse` and
 * `board:problem` are sent for the `board` named in the answer, as for a board.
 */
export const queryWatch = z.object({
  kind: z.enum(liveQueryKinds),
  /** For `order`: its number. */
  order: z.string().max(200).optional(),
  /** For `upload` and `import`. */
  id: z.string().max(40).optional(),
  /** Query string of the equivalent HTTP request. */
  search: z.string().max(8_000).default(''),
})

/** client → server: `query:unwatch`. */
export const queryUnwatch = z.object({ board: z.string().max(100) })

const liveOrders = ordersAnswer.omit({ orders: true }).extend({
  /** In the order of the list. */
  order: z.array(z.string()),
  rows: z.record(z.string(), orderSummary),
})

const instants = { asOf: z.int(), position: z.string() }
const liveUpload = uploadView.extend(instants)
const liveImport = importDetail.extend(instants)
const liveInbox = inbox.extend(instants)

/** Data of a site that pages request again when it has changed, because it has no live query of its own. */
export const changingTopics = ['tasks', 'alerts', 'alert-rules', 'approvals', 'handovers', 'rules'] as const
export type ChangingTopic = (typeof changingTopics)[number]
/** The number of changes by topic since an instant, epoch ms, at which a server instance started to count. */
const liveChanges = z.object({ ...instants, since: z.int(), counts: z.record(z.enum(changingTopics), z.int()) })
export type LiveChanges = z.infer<typeof liveChanges>

/**
 * By kind: the response as a tree whose nodes can be addressed by deltas. Lists of rows are records, so that a single
 * row can change.
 */
export const liveTrees = {
  overview: overviewAnswer,
  orders: liveOrders,
  order: orderDetail,
  tasks: taskBoard,
  upload: liveUpload,
  import: liveImport,
  inbox: liveInbox,
  changes: liveChanges,
} as const
export type LiveTree = z.infer<(typeof liveTrees)[LiveQueryKind]>
export type LiveOrders = z.infer<typeof liveOrders>

/** The whole response; deltas start at its version. Its `tree` has the requested kind. */
const liveSnapshot = z.object({ board: z.string(), epoch: z.string(), version: z.int(), tree: z.unknown() })

export const queryWatchAnswer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), snapshot: liveSnapshot }),
  z.object({ ok: z.literal(false), code: problemCode }),
])

/** Converts a list of orders to a tree. */
export function treeOfOrders({ orders, ...answer }: OrdersAnswer): LiveOrders {
  return {
    ...answer,
    order: orders.map(({ order }) => order),
    rows: Object.fromEntries(orders.map((order) => [order.order, order])),
  }
}

/** Converts a tree back to a list of orders. */
export function ordersOfTree({ order, rows, ...answer }: LiveOrders): OrdersAnswer {
  return { ...answer, orders: order.flatMap((name) => rows[name] ?? []) }
}

export type QueryWatch = z.infer<typeof queryWatch>
export type QueryUnwatch = z.infer<typeof queryUnwatch>
export type QueryWatchAnswer = z.infer<typeof queryWatchAnswer>
export type LiveSnapshot = z.infer<typeof liveSnapshot>
