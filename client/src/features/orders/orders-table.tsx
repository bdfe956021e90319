import type { OrderSort } from '@stagewatch/shared/contract/orders.ts'
import { useNavigate } from '@tanstack/react-router'
import { useTable } from '@tanstack/react-table'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { clsx } from 'clsx'
import { useEffect, useLayoutEffect, useRef, useState, type CSSProperties } from 'react'
import { useMe } from '../../api/session.ts'
import { useShortcuts } from '../../components/shortcuts/use-shortcuts.ts'
import { useText } from '../../locales/use-text.ts'
import { chooserPx, leastRatio } from './fitting-columns.ts'
import { forgetPlace, keepPlace, placeIn } from './list-place.ts'
import {
  columnIds,
  columnTraits,
  OrderCell,
  orderColumns,
  orderTableFeatures,
  type ColumnId,
} from './order-columns.tsx'
import type { OrderColumnSort } from './orders-search.ts'
import type { ShownOrder } from './shown-orders.ts'
import styles from './orders-table.module.css'
import type { Selection } from './use-selection.ts'

const rowPx = 45
/** Number of rows rendered outside the window. */
const overscan = 12

interface OrdersTableProps {
  readonly rows: readonly ShownOrder[]
  readonly question: string
  readonly columns: readonly ColumnId[]
  /** Number of orders on all pages. */
  readonly total: number
  /** The server's clock, epoch ms. */
  readonly now: number
  readonly sort: OrderSort
  readonly onSort: (sort: OrderSort) => void
  /** Undefined: the user has no actions for orders. */
  readonly selection: Selection | undefined
  /** Undefined: all rows are loaded, or the next page is loading. */
  readonly onNeedMore: (() => void) | undefined
}

/** A virtualized table; J and K move between the rows, Enter opens one. */
export function OrdersTable(props: OrdersTableProps) {
  const { rows, question, columns, total, now, sort, onSort, selection, onNeedMore } = props
  const { t } = useText()
  const { site } = useMe()
  const navigate = useNavigate()
  const list = `${site} ${question}`
  const [selected, setSelected] = useState(() => placeIn(list)?.order)
  const body = useRef<HTMLTableSectionElement>(null)
  const [offset, setOffset] = useState(0)

  const [left] = useState(() => placeIn(list))
  // oxlint-disable-next-line react/incompatible-library -- only this component uses the result, and it rerenders on changes
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowPx,
    overscan,
    scrollMargin: offset,
    getItemKey: (index) => rows[index]?.order.order ?? index,
    initialMeasurementsCache: left === undefined ? [] : [...left.measured],
  })
  const items = virtualizer.getVirtualItems()
  const [first, last] = [items[0], items.at(-1)]

  // Only the rendered rows: the table would make an object for each of 100,000 at every update.
  const table = useTable({
    features: orderTableFeatures,
    columns: orderColumns,
    data: rows.slice(first?.index ?? 0, (last?.index ?? -1) + 1),
    getRowId: ({ order }) => order.order,
    state: { columnVisibility: Object.fromEntries(columnIds.map((id) => [id, columns.includes(id)])) },
  })
  const shown = table.getVisibleLeafColumns().map(({ id }) => id as ColumnId)
  const renderedRows = table.getRowModel().rows

  useLayoutEffect(() => {
    const element = body.current
    if (element !== null) setOffset(element.getBoundingClientRect().top + window.scrollY)
  }, [shown.length])

  // The focus follows the selection, so that it is visible and Enter opens the order. Its row may be rendered later.
  const toFocus = useRef<string>(undefined)
  useLayoutEffect(() => {
    if (toFocus.current === undefined) return
    const link = body.current?.querySelector<HTMLElement>(`tr[data-order=${CSS.escape(toFocus.current)}] a`)
    if (!link) return
    toFocus.current = undefined
    link.focus({ preventScroll: true })
  })

  // Once, on returning to the list: restores the scroll position and the order viewed last.
  const isPlaced = useRef(false)
  useLayoutEffect(() => {
    if (isPlaced.current || rows.length === 0 || offset === 0) return
    isPlaced.current = true
    const place = placeIn(list)
    if (place === undefined) return
    forgetPlace(list)
    toFocus.current = place.order
    window.scrollTo(0, place.scrollY)
    const index = place.hasMoved === true ? rows.findIndex(({ order }) => order.order === place.order) : -1
    if (index !== -1) virtualizer.scrollToIndex(index, { align: 'auto' })
  }, [list, rows, offset, virtualizer])

  const lastIndex = last?.index ?? -1
  useEffect(() => {
    if (lastIndex >= rows.length - overscan) onNeedMore?.()
  }, [lastIndex, rows.length, onNeedMore])

  const open = (order: string): void => {
    keepPlace(list, { scrollY: window.scrollY, measured: virtualizer.measurementsCache, order })
    void navigate({ to: '/orders/$order', params: { order }, search: { list: question } })
  }
  const move = (step: 1 | -1): void => {
    const at = rows.findIndex(({ order }) => order.order === selected)
    const next = at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))
    setSelected(rows[next]?.order.order)
    toFocus.current = rows[next]?.order.order
    virtualizer.scrollToIndex(next, { align: 'auto' })
  }
  const columnCount = shown.length + (selection === undefined ? 0 : 1)
  const isPartlyChosen = selection !== undefined && selection.chosen.size > 0 && selection.chosen.size < rows.length
  const ofSelected =
    selected === undefined
      ? []
      : [
          ...(selection === undefined
            ? []
            : [{ keys: 'x', text: t('orders.shortcut.choose'), run: () => selection.toggle(selected, false) }]),
          { keys: 'Enter', text: t('orders.shortcut.open'), run: () => open(selected) },
        ]
  useShortcuts([
    { keys: 'j', text: t('orders.shortcut.next'), run: () => move(1) },
    { keys: 'k', text: t('orders.shortcut.previous'), run: () => move(-1) },
    ...ofSelected,
  ])

  const before = first === undefined ? 0 : first.start - virtualizer.options.scrollMargin
  const after = last === undefined ? 0 : virtualizer.getTotalSize() - (last.end - virtualizer.options.scrollMargin)
  const width = shown.reduce((sum, id) => sum + columnTraits[id].width, selection === undefined ? 0 : chooserPx)
  const share = (px: number) => ({ width: `${(px / width) * 100}%` })
  return (
    <table
      className={styles['table']}
      style={{ '--least-width': `${width * leastRatio}px` } as CSSProperties}
      aria-rowcount={total + 1}
    >
      <caption className="hidden-text" data-may-truncate>
        {t('nav.orders')}
      </caption>
      <colgroup>
        {selection !== undefined && <col style={share(chooserPx)} />}
        {shown.map((id) => (
          <col key={id} style={share(columnTraits[id].width)} />
        ))}
      </colgroup>
      <thead>
        <tr aria-rowindex={1}>
          {selection !== undefined && (
            <th scope="col">
              <input
                type="checkbox"
                ref={(box) => {
                  if (box !== null) box.indeterminate = isPartlyChosen
                }}
                aria-label={t('orders.bulk.selectAll')}
                checked={selection.chosen.size > 0}
                onChange={selection.toggleAll}
              />
            </th>
          )}
          {shown.map((id) => (
            <ColumnTitle key={id} column={id} sort={sort} onSort={onSort} />
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {before > 0 && <Spacer height={before} columns={columnCount} />}
        {items.map(({ index }, place) => {
          const row = renderedRows[place]
          if (row === undefined) return null
          const { order, isGone } = row.original
          return (
            <tr
              key={row.id}
              ref={virtualizer.measureElement}
              data-index={index}
              data-order={row.id}
              aria-rowindex={index + 2}
              aria-current={row.id === selected ? 'true' : undefined}
              className={clsx(styles['row'], isGone && styles['gone'])}
              title={isGone ? t('orders.gone') : undefined}
              // Keyboards and screen readers use the link of the order instead.
              onClick={({ target, ctrlKey, metaKey }) => {
                if (target instanceof Element && target.closest('[data-choose]') !== null) return
                const isLink = target instanceof Element && target.closest('a') !== null
                if (isLink && (ctrlKey || metaKey)) return
                if (isLink)
                  keepPlace(list, { scrollY: window.scrollY, measured: virtualizer.measurementsCache, order: row.id })
                else if (getSelection()?.isCollapsed !== false) open(row.id)
              }}
            >
              {selection !== undefined && (
                <td data-choose>
                  <input
                    type="checkbox"
                    aria-label={t('orders.bulk.select', { order: row.id })}
                    checked={selection.chosen.has(row.id)}
                    onChange={({ nativeEvent }) =>
                      selection.toggle(row.id, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)
                    }
                  />
                </td>
              )}
              {shown.map((id) => (
                <td key={id} data-column={id} className={columnTraits[id].isNumber ? styles['number'] : undefined}>
                  <span className={styles['label']}>{t(`orders.column.${id}`)}</span>
                  <OrderCell column={id} order={order} now={now} question={question} />
                </td>
              ))}
            </tr>
          )
        })}
        {after > 0 && <Spacer height={after} columns={columnCount} />}
      </tbody>
    </table>
  )
}

interface ColumnTitleProps {
  readonly column: ColumnId
  readonly sort: OrderSort
  readonly onSort: (sort: OrderSort) => void
}

/** Columns that sort the largest or latest values first. */
const largestFirst: ReadonlySet<OrderColumnSort> = new Set(['overdue', 'age', 'dwell', 'quantity', 'amount', 'ended'])

/** A second click reverses the sort. */
function ColumnTitle({ column, sort, onSort }: ColumnTitleProps) {
  const { t } = useText()
  const { isNumber = false, sort: own } = columnTraits[column]
  const title = t(`orders.column.${column}`)
  const className = isNumber ? styles['number'] : undefined
  if (own === undefined) {
    return (
      <th scope="col" className={className}>
        {title}
      </th>
    )
  }
  const isReversed = sort === `-${own}`
  const isSorted = own === sort || isReversed
  const direction = largestFirst.has(own) === isReversed ? 'ascending' : 'descending'
  return (
    <th scope="col" className={className} aria-sort={isSorted ? direction : undefined}>
      <button type="button" className={styles['sort']} onClick={() => onSort(sort === own ? `-${own}` : own)}>
        {title}
        <span aria-hidden className={styles['arrow']}>
          {isSorted && (direction === 'descending' ? '↓' : '↑')}
        </span>
      </button>
    </th>
  )
}

/** Placeholder for the rows that are not rendered. */
function Spacer({ height, columns }: { readonly height: number; readonly columns: number }) {
  return (
    <tr aria-hidden className={styles['spacer']} style={{ height }}>
      {/* oxlint-disable-next-line jsx-a11y/control-has-associated-label -- it is hidden and not interactive */}
      <td colSpan={columns} />
    </tr>
  )
}
