import { AppError } from '../../platform/app-error.ts'

/** Headers by which each column is known, the preferred first. */
export const eventColumns = {
  order: ['order_id', 'order', 'case:concept:name', 'case_id', '订单号'],
  stage: ['stage', 'activity', 'concept:name', '环节'],
  time: ['timestamp', 'time:timestamp', 'occurred_at', '时间'],
  eventId: ['event_id'],
  eventType: ['event_type'],
  startedAt: ['started_at', 'start_timestamp', '开始时间'],
  actor: ['actor', 'org:resource', '操作人'],
  department: ['department', 'org:group', '部门'],
  customer: ['customer', '客户'],
  customerClass: ['customer_class', '客户等级'],
  product: ['product', '产品'],
  promisedAt: ['due_at', 'promised_at', '承诺交期'],
  waybill: ['waybill', 'waybill_no', 'tracking_number', '运单号', '快递单号', '物流单号'],
} as const

export const orderColumns = {
  order: eventColumns.order,
  customer: eventColumns.customer,
  customerClass: eventColumns.customerClass,
  product: eventColumns.product,
  department: eventColumns.department,
  promisedAt: eventColumns.promisedAt,
  quantity: ['quantity', '数量'],
  amount: ['amount', '金额'],
  currency: ['currency', '币种'],
  priority: ['priority', '优先级'],
  waybill: eventColumns.waybill,
  time: ['placed_at', 'order_date', '下单时间'],
} as const

/** A column of the file: where it stands and what the file calls it. */
export interface Column {
  readonly index: number
  readonly header: string
}

/** The columns that a file has. */
export type Columns<Name extends string> = { readonly [K in Name]?: Column }

/** Finds the columns by their headers, in any case. Of two that fit, the header that stands first in `known` wins. */
export function findColumns<Name extends string>(
  header: readonly string[],
  known: { readonly [K in Name]: readonly string[] },
): Columns<Name> {
  const keys = header.map(headerKey)
  const columns: { [K in Name]?: Column } = {}
  for (const name in known) {
    for (const alias of known[name]) {
      const index = keys.indexOf(headerKey(alias))
      if (index < 0) continue
      columns[name] = { index, header: header[index] ?? alias }
      break
    }
  }
  return columns
}

/** @throws AppError that names what is missing and what the file has. */
export function requireColumn<Name extends string>(
  columns: Columns<Name>,
  name: Name,
  known: { readonly [K in Name]: readonly string[] },
  header: readonly string[],
): Column {
  const column = columns[name]
  if (column) return column
  const wanted = known[name].join(', ')
  throw new AppError('missing_field', `the file has no column ${wanted}; it has: ${header.join(', ')}`)
}

function headerKey(header: string): string {
  return header.normalize('NFKC').trim().toLowerCase()
}
