import type { OrderSummary } from '@stagewatch/shared/contract/orders.ts'
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

/** The states that an order is in, the gravest first; they overlap. */
function statesOf({ held, stalled, overdue, atRisk }: OrderSummary): StageState[] {
  const holds = { onHold: held, stalled, overdue, atRisk }
  return (['onHold', 'stalled', 'overdue', 'atRisk'] as const).filter((state) => holds[state])
}

interface StateChipsProps {
  readonly order: OrderSummary
  /** Whether by how much the limit is passed is told beside it. */
  readonly hasDurations?: boolean
  /** Where there is room for one: by default every state is told. */
  readonly isGravestOnly?: boolean
}

/** Shape and word of the states that an order is in. */
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

/** Who has said when that they look after it. */
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

/** An open order of which nothing has to be said. */
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

/** Who has the order; of an overdue one that nobody has, that. */
export function OwnerCell({ order: { owner, unclaimed } }: { readonly order: OrderSummary }) {
  const { t } = useText()
  const translated = useTranslated()
  if (unclaimed) return <span className={styles['unclaimed']}>{t('orders.unclaimed')}</span>
  return owner === undefined ? <span className={styles['plain']}>—</span> : translated(owner)
}
