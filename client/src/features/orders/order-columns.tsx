import type { OrderSummary } from '@stagewatch/shared/contract/orders.ts'
import { columnVisibilityFeature, tableFeatures, type ColumnDef } from '@tanstack/react-table'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslated } from '../../api/translations.ts'
import { instantText } from '../../format/instant-text.ts'
import { formatAmount } from '../../format/amount.ts'
import { formatCount, missing } from '../../format/quantity.ts'
import { useDurationText } from '../../format/use-duration-text.ts'
import { useText } from '../../locales/use-text.ts'
import { DwellBar } from '../../components/order/dwell-bar.tsx'
import type { OrderColumnSort } from './orders-search.ts'
import type { ShownOrder } from './shown-orders.ts'
import { OwnerCell, StateChips } from '../../components/order/state-chips.tsx'
import styles from './orders-table.module.css'

export const orderTableFeatures = tableFeatures({ columnVisibilityFeature })

/** The columns in the order in which they stand; the others are shown when somebody chooses them. */
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

/** Of what is over: since when and how long it took, and nothing of a stage that it is in. */
export function columnsOfEnded(chosen: readonly ColumnId[]): readonly ColumnId[] {
  const ofStages: ReadonlySet<ColumnId> = new Set(['stage', 'dwell', 'overdue', 'owner', 'reason'])
  const ofEnded: ReadonlySet<ColumnId> = new Set([...chosen, 'age', 'product', 'ended'])
  return columnIds.filter((id) => ofEnded.has(id) && !ofStages.has(id))
}

export interface ColumnTraits {
  /** px; the columns share what is left by it. */
  readonly width: number
  readonly isNumber?: boolean
  /** Clicking its title sorts by it. */
  readonly sort?: OrderColumnSort
}

export const columnTraits: Readonly<Record<ColumnId, ColumnTraits>> = {
  state: { width: 150 },
  order: { width: 150, sort: 'order' },
  customer: { width: 130, sort: 'customer' },
  stage: { width: 100, sort: 'stage' },
  dwell: { width: 190, sort: 'dwell' },
  overdue: { width: 92, isNumber: true, sort: 'overdue' },
  owner: { width: 104, sort: 'owner' },
  reason: { width: 150 },
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
  /** The question of the list, which the page of the order goes on in. */
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
  owner: ({ order }) => <OwnerCell order={order} />,
  reason: ({ order }) => <EventText text={order.reason} />,
  promise: ({ order: { promisedAt }, now }) => <Instant at={promisedAt} now={now} />,
  age: ({ order }) => <Duration ms={order.ageMs} />,
  customerClass: ({ order }) => order.customerClass ?? missing,
  product: ({ order }) => <EventText text={order.product} />,
  quantity: ({ order }) => <Count count={order.quantity} />,
  amount: ({ order }) => <Amount order={order} />,
  department: ({ order }) => <EventText text={order.department} />,
  priority: ({ order }) => <EventText text={order.priority} />,
  waybill: ({ order }) => order.waybill ?? missing,
  ended: ({ order: { endedAt }, now }) => <Instant at={endedAt} now={now} />,
}

/** What an event said, in the language of the page where that is known. */
function EventText({ text }: { readonly text: string | undefined }) {
  const translated = useTranslated()
  return text === undefined ? missing : translated(text)
}

/** The value of a column; a component, so that what it needs of the language is asked in its place. */
export function OrderCell({ column, ...props }: OrderCellProps & { readonly column: ColumnId }) {
  return cells[column](props)
}

export const orderColumns: ColumnDef<typeof orderTableFeatures, ShownOrder>[] = columnIds.map((id) => ({
  id,
  enableHiding: id !== 'order',
}))

function StageName({ order: { stageName } }: { readonly order: OrderSummary }) {
  const { nameOf } = useText()
  return stageName === undefined ? missing : nameOf(stageName)
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
