import type { OrderSummary } from '@stagewatch/shared/contract/order-summary.ts'
import type { StageState } from '@stagewatch/shared/domain/stage-state.ts'
import { clsx } from 'clsx'
import { Eye } from 'lucide-react'
import { useTranslated } from '../../api/translations.ts'
import { StatusGlyph } from '../status-glyph.tsx'
import { serverTime } from '../../api/server-time.ts'
import { instantText } from '../../format/instant-text.ts'
import { useDurationText } from '../../format/use-duration-text.ts'
import { useText } from '../../locales/use-text.ts'
import styles from './chips.module.css'

/** The states of an order, most severe first. An order can have several. */
function statesOf({ held, stalled, overdue, atRisk }: OrderSummary): StageState[] {
  const holds = { onHold: held, stalled, overdue, atRisk }
  return (['onHold', 'stalled', 'overdue', 'atRisk'] as const).filter((state) => holds[state])
}

interface StateChipsProps {
  readonly order: OrderSummary
  /** Whether the time past the limit is shown as well. */
  readonly hasDurations?: boolean
  /** Shows only the most severe state, for places with little room. Default: all states. */
  readonly isGravestOnly?: boolean
}

/** Shape and name of the states of an order. */
export function StateChips({ order, hasDurations = false, isGravestOnly = false }: StateChipsProps) {
  const { t } = useText()
  const duration = useDurationText()
  if (order.status !== 'open') return <span className={styles['chip']}>{t(`orders.ended.${order.status}`)}</span>
  const states = statesOf(order).slice(0, isGravestOnly ? 1 : undefined)
  if (states.length === 0) return <Calm order={order} />
  return (
    <span className={clsx(styles['chips'], isGravestOnly && styles['inOneLine'])}>
      {states.map((state) => (
        <span key={state} className={clsx(styles['chip'], styles[state])}>
          <StatusGlyph state={state} />
          {t(`state.${state}`)}
          {hasDurations && state === 'overdue' && order.overdueMs !== undefined && ` ${duration(order.overdueMs)}`}
        </span>
      ))}
      {order.acknowledged !== undefined && <AcknowledgedMark by={order.acknowledged} />}
    </span>
  )
}

function AcknowledgedMark({ by }: { readonly by: Acknowledgement }) {
  const text = useAcknowledgementText()(by)
  return (
    <span role="img" aria-label={text} title={text} className={styles['acknowledged']}>
      <Eye size={14} aria-hidden />
    </span>
  )
}

type Acknowledgement = NonNullable<OrderSummary['acknowledged']>

/** Text that says who acknowledged an order and when. */
export function useAcknowledgementText(): (acknowledged: Acknowledgement) => string {
  const { t, language } = useText()
  const translated = useTranslated()
  return ({ at, by }) => {
    const time = instantText(at, serverTime(Date.now()), language)
    return by === undefined
      ? t('orders.acknowledged', { time })
      : t('orders.acknowledgedBy', { name: translated(by), time })
  }
}

/** An open order without a noteworthy state. */
function Calm({ order: { stage, dueAt } }: { readonly order: OrderSummary }) {
  const { t } = useText()
  if (stage === undefined) return <span className={styles['plain']}>{t('orders.betweenStages')}</span>
  if (dueAt === undefined) return <span className={styles['plain']}>{t('orders.noLimit')}</span>
  return (
    <span className={clsx(styles['chip'], styles['onTrack'])}>
      <StatusGlyph state="onTrack" />
      {t('state.onTrack')}
    </span>
  )
}

/** The owner of an order, or that an overdue order has none. */
export function OwnerCell({ order: { owner, unclaimed } }: { readonly order: OrderSummary }) {
  const { t } = useText()
  const translated = useTranslated()
  if (unclaimed) return <span className={styles['unclaimed']}>{t('orders.unclaimed')}</span>
  return owner === undefined ? <span className={styles['plain']}>—</span> : translated(owner)
}
