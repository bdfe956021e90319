import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { HeatmapAnswer } from '@stagewatch/shared/contract/heatmap.ts'
import type { CSSProperties } from 'react'
import { formatCount, formatNet } from '../../format/quantity.ts'
import { limitPair } from '../../format/limit-pair.ts'
import type { HeatCell } from './heat-cells.ts'
import styles from './heat-map.module.css'
import { OrdersLink, type OrdersChoice } from '../../components/order/orders-link.tsx'
import type { HeatWords } from './use-heat-words.ts'
import { useOverviewText } from './use-overview-text.ts'

interface HeatPopoverProps {
  readonly id: string
  readonly title: string
  readonly cell: HeatCell | undefined
  readonly metric: HeatmapAnswer['metric']
  readonly words: HeatWords
  /** Current state of the stage on the board. Undefined: the cell is not about a stage. */
  readonly stage: Board['stages'][string] | undefined
  /** Filter of the linked order list. */
  readonly choice: OrdersChoice
  /** Number of orders in that list. Undefined: unknown. */
  readonly listed: number | undefined
  /** Centre and lower edge of the cell, as shares of the map. */
  readonly at: { readonly x: number; readonly y: number; readonly isLow: boolean }
}

/** The full description of a cell, with a link to its orders. */
export function HeatPopover({ id, title, cell, metric, words, stage, choice, listed, at }: HeatPopoverProps) {
  const { t, language } = useOverviewText()
  if (cell === undefined) return null
  const { value, basis } = words.detail(cell)
  const pair = stage && limitPair(stage.medianMs, stage.targetMs, language)
  const net = stage && stage.arrivalsToday - stage.departuresToday
  const linkText = (): string => {
    if (listed !== undefined) {
      return t('overview.seeThese', { count: listed, value: formatCount(listed, language) })
    }
    return t(choice.status === 'overdue' ? 'overview.seeOverdueNow' : 'overview.seeOpenNow')
  }
  return (
    <div
      id={id}
      className={styles['popover']}
      data-floats
      data-low={at.isLow || undefined}
      data-right={at.x > 0.6 || undefined}
      style={{ '--x': at.x, '--y': at.y } as CSSProperties}
    >
      <strong>{title}</strong>
      <dl>
        <dt>{t(metric === 'breachRatio' ? 'overview.breachShare' : `overview.metric.${metric}`)}</dt>
        <dd>
          {value} {basis !== '' && <span>({basis})</span>}
        </dd>
        {pair !== undefined && (
          <>
            <dt>{t('overview.medianLimit')}</dt>
            <dd>
              {pair.lead !== undefined && `${pair.lead.value}${t(`unit.${pair.lead.unit}`)}`}
              {pair.value}
              {t(`unit.${pair.unit}`)}
            </dd>
          </>
        )}
        {stage !== undefined && (
          <>
            <dt>{t('overview.inOutLabel')}</dt>
            <dd>
              {formatCount(stage.arrivalsToday, language)} / {formatCount(stage.departuresToday, language)} (
              {formatNet(net ?? 0, language)})
            </dd>
          </>
        )}
      </dl>
      {listed !== 0 && <OrdersLink choice={choice}>{linkText()}</OrdersLink>}
    </div>
  )
}
