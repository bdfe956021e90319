import { clsx } from 'clsx'
import { Fragment, type ReactNode } from 'react'
import { useText } from '../locales/use-text.ts'
import card from './card.module.css'
import styles from './data-table.module.css'

export interface Column<Row> {
  /** Column header; on a phone the label in front of the value. */
  readonly title: string
  readonly renderCell: (row: Row) => ReactNode
  /** `name`: the subject of the row. `time`: does not wrap. `actions`: buttons, with a visually hidden title. */
  readonly kind?: 'name' | 'time' | 'actions'
}

interface DataTableProps<Row> {
  readonly title: string
  /** Id of the heading, by which the section is labelled. */
  readonly id?: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  /** Rendered instead of the row, across all columns. Undefined: the row itself is shown. */
  readonly renderEditor?: (row: Row) => ReactNode
  /** Shown beside the title instead of the number of rows. */
  readonly note?: string | undefined
  /** Shown at the end of the title's line. */
  readonly tools?: ReactNode
  /** Whether the details of this row are shown beside the table. */
  readonly isCurrent?: (row: Row) => boolean
  /** Whether the row is about something that has ended. */
  readonly isPast?: (row: Row) => boolean
  /** Shown above the table: the error of an action on one of its rows. */
  readonly children?: ReactNode
  /** Shown below the table. */
  readonly footer?: ReactNode
}

/** A card with a table; on a phone each row is a card of its own. `QueryBoundary` handles loading and errors. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { title, id, note, tools, columns, rows, rowKey, renderEditor, isCurrent, isPast, children, footer } = props
  const { t } = useText()
  return (
    <section className={clsx(card['card'], card['flush'])} aria-labelledby={id}>
      <div className={styles['head']}>
        <h2 id={id} className={card['title']}>
          {title} <span className={card['titleNote']}>{note ?? rows.length}</span>
        </h2>
        {tools}
      </div>
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
              <tr
                key={rowKey(row)}
                className={isPast?.(row) === true ? styles['past'] : undefined}
                aria-current={isCurrent?.(row) === true ? 'true' : undefined}
              >
                {columns.map((column) => (
                  <Fragment key={column.title}>{cellOf(column, row)}</Fragment>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
      {footer}
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
