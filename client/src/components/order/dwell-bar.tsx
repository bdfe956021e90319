import type { OrderSummary } from '@stagewatch/shared/contract/order-summary.ts'
import { clsx } from 'clsx'
import { useDurationText } from '../../format/use-duration-text.ts'
import { useText } from '../../locales/use-text.ts'
import styles from './dwell-bar.module.css'

/** Position of the limit, as a share of the bar. It is the same in every row, so that rows can be compared. */
const limitAt = 0.4

interface DwellShares {
  /** Share of the bar before the limit, 0..1. */
  readonly within: number
  /** Share of the bar past the limit, 0..1. */
  readonly beyond: number
  /** Whether the dwell time exceeds the length of the bar. */
  readonly isCut: boolean
}

/** Time of an order in its stage relative to the time between entry and limit. Undefined: there is no limit. */
export function dwellShares(
  { enteredAt, dueAt }: Pick<OrderSummary, 'enteredAt' | 'dueAt'>,
  now: number,
): DwellShares | undefined {
  if (enteredAt === undefined || dueAt === undefined) return undefined
  // The promised date may have passed before the order entered the stage.
  const ratio = dueAt > enteredAt ? Math.max(0, now - enteredAt) / (dueAt - enteredAt) : Infinity
  const length = Math.min(1, ratio * limitAt)
  return { within: Math.min(length, limitAt), beyond: Math.max(0, length - limitAt), isCut: ratio * limitAt > 1 }
}

interface DwellBarProps {
  readonly order: OrderSummary
  /** The server's clock, epoch ms. */
  readonly now: number
  /** Whether the duration is shown beside the bar. */
  readonly hasLength?: boolean
}

/** Time in the stage: a bar with a tick at the limit, red beyond it, and the duration as text. */
export function DwellBar({ order, now, hasLength = true }: DwellBarProps) {
  const { t } = useText()
  const duration = useDurationText()
  const { enteredAt } = order
  if (enteredAt === undefined) return <span className={styles['none']}>—</span>
  const shares = dwellShares(order, now)
  const length = duration(now - enteredAt)
  return (
    <span className={clsx(styles['dwell'], !hasLength && styles['alone'])}>
      {shares && (
        <span className={styles['track']} aria-hidden>
          <span className={styles['within']} style={{ width: `${shares.within * 100}%` }} />
          <span className={styles['beyond']} style={{ width: `${shares.beyond * 100}%`, left: `${limitAt * 100}%` }} />
          <span className={styles['tick']} style={{ left: `${limitAt * 100}%` }} />
          {shares.isCut && <span className={styles['cut']} />}
        </span>
      )}
      {hasLength ? (
        <span className={styles['length']}>{length}</span>
      ) : (
        <span className="hidden-text" data-may-truncate>
          {length}
        </span>
      )}
      {!shares && (
        <span className="hidden-text" data-may-truncate>
          {t('orders.noLimit')}
        </span>
      )}
    </span>
  )
}
