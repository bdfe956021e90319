import type { ImportReport, PreviewRow } from '@stagewatch/shared/contract/import-report.ts'
import { clsx } from 'clsx'
import card from '../../../components/card.module.css'
import { ScrollArea } from '../../../components/scroll-area.tsx'
import { eventTypeTexts } from '../../../components/order/event-type-texts.ts'
import layout from '../../../components/layout/layout.module.css'
import { instantText } from '../../../format/instant-text.ts'
import { formatCount } from '../../../format/quantity.ts'
import { useText } from '../../../locales/use-text.ts'
import { useRejectionText } from '../report/use-report-texts.ts'
import type { KnownTable } from './edit-order.ts'
import styles from './mapping.module.css'

interface PreviewTableProps {
  readonly report: ImportReport | undefined
  readonly table: KnownTable | undefined
  /** Whether the preview was made with an earlier mapping. */
  readonly isStale: boolean
  /** Epoch ms. */
  readonly now: number
}

/** The first rows of the file beside their interpretation. */
export function PreviewTable({ report, table, isStale, now }: PreviewTableProps) {
  const { t, language } = useText()
  const rows: readonly (Pick<PreviewRow, 'line' | 'cells'> & Partial<PreviewRow>)[] =
    report?.preview?.rows ?? table?.rows ?? []
  const header = report?.preview?.header ?? table?.header ?? []
  const used = new Set(report?.columns.used.map(({ place }) => place))
  return (
    <section className={clsx(card['card'], card['flush'], isStale && styles['stale'])}>
      <h2 className={card['title']}>
        {t('imports.map.preview')}{' '}
        {rows.length > 0 && <span className={card['titleNote']}>{formatCount(rows.length, language)}</span>}
      </h2>
      <p className={layout['meta']}>{t(rows.length === 0 ? 'imports.map.previewNone' : 'imports.map.previewText')}</p>
      {rows.length > 0 && (
        <ScrollArea label={t('imports.map.preview')} className={styles['scroll']}>
          <table className={styles['preview']}>
            <thead>
              <tr>
                <th scope="col">{t('imports.map.line')}</th>
                {report !== undefined && (
                  <th scope="col" className={styles['reads']}>
                    {t('imports.map.reads')}
                  </th>
                )}
                {header.map((title, index) => (
                  <th
                    // oxlint-disable-next-line react/no-array-index-key -- two columns may have the same name
                    key={index}
                    scope="col"
                    className={used.has(index + 1) ? undefined : styles['unused']}
                  >
                    {title || index + 1}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.line}>
                  <td className={styles['line']}>{row.line}</td>
                  {report !== undefined && (
                    <td className={styles['reads']}>
                      <RowReading row={row} now={now} />
                    </td>
                  )}
                  {header.map((title, index) => (
                    <td
                      // oxlint-disable-next-line react/no-array-index-key -- two columns may have the same name
                      key={index}
                      className={clsx(
                        !used.has(index + 1) && styles['unused'],
                        used.has(index + 1) && row.rejection?.column === title && styles['wrong'],
                      )}
                    >
                      {row.cells[index]}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
    </section>
  )
}

interface RowReadingProps {
  readonly row: Partial<PreviewRow>
  readonly now: number
}

function RowReading({ row: { events, rejection }, now }: RowReadingProps) {
  const { t } = useText()
  const rejectionText = useRejectionText()
  if (rejection !== undefined) {
    return (
      <span className={styles['rejected']} title={rejection.message}>
        {rejection.column === '' ? '' : `${rejection.column}: `}
        {rejectionText(rejection)}
      </span>
    )
  }
  if (events === undefined || events.length === 0)
    return <span className={layout['quiet']}>{t('imports.map.noEvent')}</span>
  return (
    <ul>
      {events.map((event) => (
        <li key={`${event.type} ${event.stage} ${event.occurredAt}`}>
          <EventText event={event} now={now} />
        </li>
      ))}
    </ul>
  )
}

interface EventTextProps {
  readonly event: PreviewRow['events'][number]
  readonly now: number
}

function EventText({ event: { type, order, stage = '', occurredAt }, now }: EventTextProps) {
  const { t, language } = useText()
  const eventText = useEventText()
  return (
    <>
      <strong>{eventText(type, stage)}</strong>
      <div className={layout['meta']}>
        {t('imports.event.of', { order })} · {instantText(Date.parse(occurredAt), now, language)}
      </div>
    </>
  )
}

function useEventText(): (type: string, stage: string) => string {
  const { t } = useText()
  return (type, stage) => (isKnownType(type) ? t(eventTypeTexts[type], { stage }) : `${type} ${stage}`)
}

function isKnownType(type: string): type is keyof typeof eventTypeTexts {
  return type in eventTypeTexts
}
