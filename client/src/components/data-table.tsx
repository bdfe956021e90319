import { clsx } from 'clsx'
import { Fragment, type ReactNode } from 'react'
import { useText } from '../locales/use-text.ts'
import card from './card.module.css'
import styles from './data-table.module.css'

export interface Column<Row> {
  /** Above the column; on a phone in front of the value. */
  readonly title: string
  readonly renderCell: (row: Row) => ReactNode
  /** `name`: what the row is about. `time`: stays on one line. `actions`: buttons, whose title is only read out. */
  readonly kind?: 'name' | 'time' | 'actions'
}

interface DataTableProps<Row> {
  readonly title: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  /** Shown in place of a row, across all columns: an editor. Undefined: the row itself. */
  readonly renderEditor?: (row: Row) => ReactNode
  /** Whether the row is about something that is over. */
  readonly isPast?: (row: Row) => boolean
  /** Above the table: what went wrong with one of its rows. */
  readonly children?: ReactNode
}

/** A card with a table; on a phone each row is a card of its own. What is not there yet is for `QueryBoundary`. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { title, columns, rows, rowKey, renderEditor, isPast, children } = props
  const { t } = useText()
  return (
    <section className={clsx(card['card'], card['flush'])}>
      <h2 className={card['title']}>
        {title} <span className={card['titleNote']}>{rows.length}</span>
      </h2>
      {children}
      <table className={styles['table']}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title}>
                {column.kind === 'actions' ? (
                  <span className="hidden-text" data-may-truncate>
                    {column.title}
                  </span>
                ) : (
                  column.title
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.length === 0 && (
            <tr>
              <td colSpan={columns.length}>{t('desk.empty')}</td>
            </tr>
          )}
          {rows.map((row) => {
            const edited = renderEditor?.(row)
            if (edited !== undefined) {
              return (
                <tr key={rowKey(row)} className={styles['edited']}>
                  <td colSpan={columns.length}>{edited}</td>
                </tr>
              )
            }
            return (
              <tr key={rowKey(row)} className={isPast?.(row) === true ? styles['past'] : undefined}>
                {columns.map((column) => (
                  <Fragment key={column.title}>{cellOf(column, row)}</Fragment>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

function cellOf<Row>({ kind, title, renderCell }: Column<Row>, row: Row): ReactNode {
  if (kind === 'actions') return <td className={styles['actions']}>{renderCell(row)}</td>
  if (kind === 'name') return <td>{renderCell(row)}</td>
  return (
    <td data-label={title} className={kind === 'time' ? styles['time'] : undefined}>
      <div>{renderCell(row)}</div>
    </td>
  )
}
