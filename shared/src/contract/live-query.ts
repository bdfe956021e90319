import { z } from 'zod'
import { importDetail } from './imports.ts'
import { orderDetail, ordersAnswer, orderSummary } from './orders.ts'
import type { OrdersAnswer } from './orders.ts'
import { overviewAnswer } from './overview.ts'
import { problemCode } from './problem.ts'
import { uploadView } from './uploads.ts'

/**
 * What a page of the desk can keep being told about: the answers of `/api/v1/overview`, `/api/v1/orders`,
 * `/api/v1/orders/{order}`, `/api/v1/uploads/{id}` and `/api/v1/imports/{id}`.
 */
export const liveQueryKinds = ['overview', 'orders', 'order', 'upload', 'import'] as const
export type LiveQueryKind = (typeof liveQueryKinds)[number]

/**
 * client → server, with an acknowledgement: `query:watch`. From then on `board:delta`, `board:pulse` and
 * `board:problem` come for the `board` that the answer names, as they do for a board.
 */
export const queryWatch = z.object({
  kind: z.enum(liveQueryKinds),
  /** Of an `order`: its number. */
  order: z.string().max(200).optional(),
  /** Of an `upload` or an `import`. */
  id: z.string().max(40).optional(),
  /** The query string of the address that answers the same. */
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

/** By kind: the answer as a tree of which a delta names places. Lists of rows are records, so that one row can change. */
export const liveTrees = {
  overview: overviewAnswer,
  orders: liveOrders,
  order: orderDetail,
  upload: liveUpload,
  import: liveImport,
} as const
export type LiveTree = z.infer<(typeof liveTrees)[LiveQueryKind]>
export type LiveOrders = z.infer<typeof liveOrders>

/** The whole answer; deltas lead on from its version. Its `tree` is of the kind that was asked for. */
const liveSnapshot = z.object({ board: z.string(), epoch: z.string(), version: z.int(), tree: z.unknown() })

export const queryWatchAnswer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), snapshot: liveSnapshot }),
  z.object({ ok: z.literal(false), code: problemCode }),
])

/** A list of orders as a tree. */
export function treeOfOrders({ orders, ...answer }: OrdersAnswer): LiveOrders {
  return {
    ...answer,
    order: orders.map(({ order }) => order),
    rows: Object.fromEntries(orders.map((order) => [order.order, order])),
  }
}

/** A list of orders from its tree. */
export function ordersOfTree({ order, rows, ...answer }: LiveOrders): OrdersAnswer {
  return { ...answer, orders: order.flatMap((name) => rows[name] ?? []) }
}

export type QueryWatch = z.infer<typeof queryWatch>
export type QueryUnwatch = z.infer<typeof queryUnwatch>
export type QueryWatchAnswer = z.infer<typeof queryWatchAnswer>
export type LiveSnapshot = z.infer<typeof liveSnapshot>
