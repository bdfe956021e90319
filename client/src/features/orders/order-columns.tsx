import type { OrderSummary } from '@stagewatch/shared/contract/order-summary.ts'
import { columnVisibilityFeature, tableFeatures, type ColumnDef } from '@tanstack/react-table'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslated } from '../../api/translations.ts'
import { instantText } from '../../format/instant-text.ts'
import { formatAmount } from '../../format/unit-text.ts'
import { formatCount, missing } from '../../format/quantity.ts'
import { softHyphens } from '../../format/soft-hyphens.ts'
import { useDurationText } from '../../format/use-duration-text.ts'
import { useText } from '../../locales/use-text.ts'
import { DwellBar } from '../../components/order/dwell-bar.tsx'
import type { OrderColumnSort } from './orders-search.ts'
import type { ShownOrder } from './shown-orders.ts'
import { OwnerCell, StateChips } from '../../components/order/state-chips.tsx'
import styles from './orders-table.module.css'

export const orderTableFeatures = tableFeatures({ columnVisibilityFeature })

/** All columns in their order in the table. Those that are not shown by default can be added. */
export const columnIds = [
  'state',
  'order',
  'customer',
  'stage',
  'dwell',
  'overdue',
  'owner',
  'reason',
  'promise',
  'age',
  'customerClass',
  'product',
  'quantity',
  'amount',
  'department',
  'priority',
  'waybill',
  'ended',
] as const
export type ColumnId = (typeof columnIds)[number]

export const usualColumns: readonly ColumnId[] = columnIds.slice(0, columnIds.indexOf('age'))

/** Columns for ended orders: with the end and the total time, without those about the current stage. */
export function columnsOfEnded(chosen: readonly ColumnId[]): readonly ColumnId[] {
  const ofStages: ReadonlySet<ColumnId> = new Set(['stage', 'dwell', 'overdue', 'owner', 'reason'])
  const ofEnded: ReadonlySet<ColumnId> = new Set([...chosen, 'age', 'product', 'ended'])
  return columnIds.filter((id) => ofEnded.has(id) && !ofStages.has(id))
}

export interface ColumnTraits {
  /** px. The columns share the remaining width in this proportion. */
  readonly width: number
  readonly isNumber?: boolean
  /** Sort key that a click on the title applies. */
  readonly sort?: OrderColumnSort
}

export const columnTraits: Readonly<Record<ColumnId, ColumnTraits>> = {
  state: { width: 150 },
  order: { width: 138, sort: 'order' },
  customer: { width: 130, sort: 'customer' },
  stage: { width: 126, sort: 'stage' },
  dwell: { width: 190, sort: 'dwell' },
  overdue: { width: 92, isNumber: true, sort: 'overdue' },
  owner: { width: 104, sort: 'owner' },
  reason: { width: 136 },
  promise: { width: 110, sort: 'promise' },
  age: { width: 84, isNumber: true, sort: 'age' },
  customerClass: { width: 100, sort: 'customerClass' },
  product: { width: 130, sort: 'product' },
  quantity: { width: 84, isNumber: true, sort: 'quantity' },
  amount: { width: 110, isNumber: true, sort: 'amount' },
  department: { width: 110, sort: 'department' },
  priority: { width: 90, sort: 'priority' },
  waybill: { width: 140 },
  ended: { width: 110, sort: 'ended' },
}

interface OrderCellProps {
  readonly order: OrderSummary
  readonly now: number
  /** Search of the list, passed on to the order page. */
  readonly question: string
}

const cells: Readonly<Record<ColumnId, (props: OrderCellProps) => ReactNode>> = {
  state: ({ order }) => <StateChips order={order} />,
  order: ({ order: { order }, question }) => (
    <Link to="/orders/$order" params={{ order }} search={{ list: question }} className={styles['name']}>
      {order}
    </Link>
  ),
  customer: ({ order }) => <EventText text={order.customer} />,
  stage: ({ order }) => <StageName order={order} />,
  dwell: ({ order, now }) => <DwellBar order={order} now={now} />,
  overdue: ({ order }) => <OverdueBy order={order} />,
  owner: ({ order }) => <Owners order={order} />,
  reason: ({ order }) => <EventText text={order.reason} />,
  promise: ({ order: { promisedAt }, now }) => <Instant at={promisedAt} now={now} />,
  age: ({ order }) => <Duration ms={order.ageMs} />,
  customerClass: ({ order }) => order.customerClass ?? missing,
  product: ({ order }) => <EventText text={order.product} />,
  quantity: ({ order }) => <Count count={order.quantity} />,
  amount: ({ order }) => <Amount order={order} />,
  department: ({ order }) => <Departments order={order} />,
  priority: ({ order }) => <EventText text={order.priority} />,
  waybill: ({ order }) => order.waybill ?? missing,
  ended: ({ order: { endedAt }, now }) => <Instant at={endedAt} now={now} />,
}

/** A text from events, in the page's language if there is a translation. */
function EventText({ text }: { readonly text: string | undefined }) {
  const translated = useTranslated()
  return text === undefined ? missing : translated(text)
}

/** The value of a column. It is a component so that each cell can use hooks for the language. */
export function OrderCell({ column, ...props }: OrderCellProps & { readonly column: ColumnId }) {
  return cells[column](props)
}

export const orderColumns: ColumnDef<typeof orderTableFeatures, ShownOrder>[] = columnIds.map((id) => ({
  id,
  enableHiding: id !== 'order',
}))

/** The stage of the order; an order can be in several stages at once. */
function StageName({ order: { stageName, alongside } }: { readonly order: OrderSummary }) {
  const { nameOf } = useText()
  if (stageName === undefined) return missing
  return [stageName, ...(alongside?.map((other) => other.stageName) ?? [])]
    .map((name) => softHyphens(nameOf(name)))
    .join(' · ')
}

function Owners({ order }: { readonly order: OrderSummary }) {
  const translated = useTranslated()
  const others = order.alongside?.flatMap(({ owner }) => (owner === undefined ? [] : ` · ${translated(owner)}`)) ?? []
  return (
    <>
      <OwnerCell order={order} />
      {others}
    </>
  )
}

function Departments({ order: { department, alongside } }: { readonly order: OrderSummary }) {
  const translated = useTranslated()
  const all = [department, ...(alongside?.map((other) => other.department) ?? [])].filter((one) => one !== undefined)
  return all.length === 0 ? missing : [...new Set(all)].map((one) => translated(one)).join(' · ')
}

function OverdueBy({ order: { overdueMs } }: { readonly order: OrderSummary }) {
  const duration = useDurationText()
  return overdueMs === undefined ? missing : <strong>{duration(overdueMs)}</strong>
}

function Duration({ ms }: { readonly ms: number }) {
  return useDurationText()(ms)
}

function Instant({ at, now }: { readonly at: number | undefined; readonly now: number }) {
  const { language } = useText()
  return at === undefined ? (
    missing
  ) : (
    <time dateTime={new Date(at).toISOString()}>{instantText(at, now, language)}</time>
  )
}

function Count({ count }: { readonly count: number | undefined }) {
  const { language } = useText()
  return count === undefined ? missing : formatCount(count, language)
}

function Amount({ order }: { readonly order: OrderSummary }) {
  const { language } = useText()
  return formatAmount(order, language) ?? missing
}
