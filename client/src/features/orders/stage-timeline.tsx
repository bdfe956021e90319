import type { OrderDetail, OrderVisit } from '@stagewatch/shared/contract/orders.ts'
import { locales, type Language } from '@stagewatch/shared/domain/locales.ts'
import { Button, SegmentedControl } from '@mantine/core'
import { clsx } from 'clsx'
import { Check } from 'lucide-react'
import { useState } from 'react'
import { useTranslated } from '../../api/translations.ts'
import card from '../../components/card.module.css'
import { ScrollArea } from '../../components/scroll-area.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { StatusGlyph } from '../../components/status-glyph.tsx'
import { instantText } from '../../format/instant-text.ts'
import { limitPair } from '../../format/limit-pair.ts'
import { missing } from '../../format/quantity.ts'
import { softHyphens } from '../../format/soft-hyphens.ts'
import { useDurationText } from '../../format/use-duration-text.ts'
import { useText } from '../../locales/use-text.ts'
import type { FurtherParts } from './further-parts.ts'
import styles from './stage-timeline.module.css'
import {
  deviationMs,
  hasClosedTime,
  timelineLayout,
  type Span,
  type Timeline,
  type TimelineAxis,
  type TimelineRow,
} from './timeline-layout.ts'

type View = TimelineAxis | 'table'

interface StageTimelineProps {
  /** The order with all loaded visits. */
  readonly order: OrderDetail
  readonly further: FurtherParts
}

/** Each visit of the order: its limit, its duration and the time past the limit. */
export function StageTimeline({ order, further }: StageTimelineProps) {
  const { t } = useText()
  const [view, setView] = useState<View>('calendar')
  const timeline = timelineLayout(order, view === 'working' ? 'working' : 'calendar')
  const hasClosed = hasClosedTime(order.visits)
  return (
    <section className={clsx(card['card'], styles['card'])}>
      <div className={styles['head']}>
        <h2 className={styles['title']}>{t('order.timeline.title')}</h2>
        <ul className={styles['legend']} aria-hidden>
          <li className={styles['keyPlan']}>{t('order.timeline.plan')}</li>
          <li className={styles['keyActual']}>{t('order.timeline.actual')}</li>
          <li className={styles['keyBeyond']}>{t('order.timeline.beyond')}</li>
        </ul>
        <SegmentedControl<View>
          className={styles['views']}
          size="xs"
          aria-label={t('order.timeline.view')}
          value={view}
          data={[
            { value: 'calendar', label: t('order.timeline.calendar') },
            { value: 'working', label: t('order.timeline.working') },
            { value: 'table', label: t('order.timeline.table') },
          ]}
          onChange={setView}
        />
      </div>
      {timeline === undefined ? (
        <p className={styles['note']}>{t('order.timeline.none')}</p>
      ) : view === 'table' ? (
        <VisitTable order={order} />
      ) : (
        <Rows order={order} timeline={timeline} axis={view} />
      )}
      <ErrorAlert error={further.error} />
      {further.loadMore && (
        <p className={styles['note']}>
          {t('order.timeline.later', { shown: order.visits.length, count: order.visitCount })}{' '}
          <Button variant="default" size="compact-sm" loading={further.isLoading} onClick={further.loadMore}>
            {t('order.timeline.more')}
          </Button>
        </p>
      )}
      {(view !== 'table' || hasClosed) && (
        <p className={styles['note']}>
          {view !== 'table' && t(`order.timeline.${view}Note`)} {hasClosed && t('order.timeline.clockNote')}
        </p>
      )}
    </section>
  )
}

interface RowsProps {
  readonly order: OrderDetail
  readonly timeline: Timeline
  readonly axis: TimelineAxis
}

function Rows({ order, timeline, axis }: RowsProps) {
  const { t, language } = useText()
  const duration = useDurationText()
  const { rows, ticks, isDaily, nowAt, promiseAt } = timeline
  const tickText = (value: number): string =>
    axis === 'working' ? duration(value) : calendarTick(value, isDaily, language)
  return (
    <table className={styles['timeline']}>
      <caption className="hidden-text" data-may-truncate>
        {t('order.timeline.title')}
      </caption>
      <thead>
        <tr>
          <th scope="col" className={styles['stageTitle']}>
            <span className="hidden-text" data-may-truncate>
              {t('orders.column.stage')}
            </span>
          </th>
          <th scope="col" className={styles['plot']} aria-label={t(`order.timeline.${axis}`)}>
            {ticks.map(({ at, value }) => (
              <span
                key={value}
                className={clsx(styles['tick'], at > 0.87 && styles['atEnd'], at > 0.6 && styles['nearEnd'])}
                style={{ left: percent(at) }}
                aria-hidden
              >
                {tickText(value)}
              </span>
            ))}
          </th>
          <th scope="col" className={clsx(styles['figure'], styles['pair'])}>
            {t('order.timeline.pair')}
          </th>
          <th scope="col" className={styles['figure']}>
            {t('order.timeline.deviation')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={`${row.visit.stage} ${row.visit.enteredAt}`}>
            <th scope="row" className={styles['stage']}>
              <VisitGlyph visit={row.visit} order={order} />
              <StageName visit={row.visit} />
            </th>
            <td className={styles['plot']}>
              <div className={styles['lane']}>
                {ticks.map(({ at, value }) => (
                  <span key={value} className={styles['line']} style={{ left: percent(at) }} />
                ))}
                <Bars row={row} />
                {nowAt !== undefined && (
                  <Mark
                    kind="now"
                    at={nowAt}
                    other={promiseAt}
                    label={index === 0 ? t('order.timeline.now') : undefined}
                  />
                )}
                {promiseAt !== undefined && (
                  <Mark
                    kind="promise"
                    at={promiseAt}
                    other={nowAt}
                    label={index === 0 ? t('orders.column.promise') : undefined}
                  />
                )}
              </div>
            </td>
            <td className={clsx(styles['figure'], styles['pair'])}>
              <Pair visit={row.visit} />
            </td>
            <td className={styles['figure']}>
              <Deviation visit={row.visit} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Bars({ row: { plan, actual, beyond } }: { readonly row: TimelineRow }) {
  return (
    <>
      {plan && <span className={styles['plan']} style={spanStyle(plan)} />}
      <span className={styles['actual']} style={spanStyle(actual)} />
      {beyond && <span className={styles['beyond']} style={spanStyle(beyond)} />}
    </>
  )
}

interface MarkProps {
  readonly kind: 'now' | 'promise'
  readonly at: number
  /** Position of the other line. */
  readonly other: number | undefined
  readonly label: string | undefined
}

/** A line through all rows; its label is on the side away from the other line. */
function Mark({ kind, at, other = 0, label }: MarkProps) {
  return (
    <span className={clsx(styles['mark'], styles[kind])} style={{ left: percent(at) }}>
      {label !== undefined && (
        <span className={clsx(styles['markLabel'], (at < other || other === 0) && at > 0.12 && styles['toLeft'])}>
          {label}
        </span>
      )}
    </span>
  )
}

function VisitGlyph({ visit, order }: { readonly visit: OrderVisit; readonly order: OrderDetail }) {
  if (visit.leftAt !== undefined) return <Check size={14} aria-hidden className={styles['left']} />
  return (
    <StatusGlyph
      state={
        order.held
          ? 'onHold'
          : order.stalled
            ? 'stalled'
            : order.overdue
              ? 'overdue'
              : order.atRisk
                ? 'atRisk'
                : 'onTrack'
      }
    />
  )
}

function StageName({ visit: { name, nth, cancelled } }: { readonly visit: OrderVisit }) {
  const { t, nameOf } = useText()
  return (
    <span>
      {softHyphens(nameOf(name))}
      {nth > 1 && <small className={styles['nth']}> {t('order.timeline.nth', { nth })}</small>}
      {cancelled && <small className={styles['nth']}> {t('orders.ended.cancelled')}</small>}
    </span>
  )
}

const minuteMs = 60_000

/** `15.7/6h`: working time and limit. */
function Pair({ visit: { workingMs, targetMs } }: { readonly visit: OrderVisit }) {
  const { t, language } = useText()
  const pair = limitPair(workingMs, targetMs, language)
  if (pair === undefined) return missing
  const { lead, value, unit } = pair
  return (
    <>
      {lead && `${lead.value}${t(`unit.${lead.unit}`)}`}
      {value}
      {t(`unit.${unit}`)}
    </>
  )
}

function Deviation({ visit }: { readonly visit: OrderVisit }) {
  const { t } = useText()
  const duration = useDurationText()
  const ms = deviationMs(visit)
  if (ms === undefined) return missing
  if (ms > 0) return <strong className={styles['late']}>+{duration(ms)}</strong>
  if (ms > -minuteMs) return <span className={styles['early']}>{t('order.visit.onLimit')}</span>
  return <span className={styles['early']}>−{duration(-ms)}</span>
}

/** The same data as a table, including what the bars omit. */
function VisitTable({ order: { visits, asOf } }: { readonly order: OrderDetail }) {
  const { t, language } = useText()
  const translated = useTranslated()
  const duration = useDurationText()
  return (
    <ScrollArea label={t('order.timeline.title')} className={styles['scroll']}>
      <table className={styles['visits']}>
        <caption className="hidden-text" data-may-truncate>
          {t('order.timeline.title')}
        </caption>
        <thead>
          <tr>
            {(['stage', 'entered', 'left', 'elapsed', 'inCalendar', 'limit', 'deviation', 'owner'] as const).map(
              (id) => (
                <th key={id} scope="col">
                  {t(`order.visit.${id}`)}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {visits.map((visit) => (
            <tr key={`${visit.stage} ${visit.enteredAt}`}>
              <th scope="row">
                <StageName visit={visit} />
              </th>
              <td>{instantText(visit.enteredAt, asOf, language)}</td>
              <td>{visit.leftAt === undefined ? missing : instantText(visit.leftAt, asOf, language)}</td>
              <td>{duration(visit.elapsedMs)}</td>
              <td>{duration(visit.workingMs)}</td>
              <td>{visit.targetMs === undefined ? missing : duration(visit.targetMs)}</td>
              <td>
                <Deviation visit={visit} />
              </td>
              <td>{visit.owner === undefined ? missing : translated(visit.owner)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  )
}

function calendarTick(at: number, isDaily: boolean, language: Language): string {
  const { formatTag } = locales[language]
  const date = new Date(at)
  if (isDaily || (date.getHours() === 0 && date.getMinutes() === 0)) {
    return date.toLocaleDateString(formatTag, { day: 'numeric', month: language === 'zh' ? 'numeric' : 'short' })
  }
  return date.toLocaleTimeString(formatTag, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
}

function spanStyle({ from, to }: Span) {
  return { left: percent(from), width: percent(to - from) }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`
}
