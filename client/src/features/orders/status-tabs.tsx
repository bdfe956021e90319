import type { StageState } from '@stagewatch/shared/domain/stage-state.ts'
import { clsx } from 'clsx'
import { Check, CircleDot, List, type LucideIcon } from 'lucide-react'
import { Icon } from '../../components/icon.tsx'
import { StatusGlyph } from '../../components/status-glyph.tsx'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import { orderStatuses, type OrderStatus } from './orders-search.ts'
import styles from './status-tabs.module.css'

const glyphs: Partial<Record<OrderStatus | 'all', StageState>> = {
  overdue: 'overdue',
  atRisk: 'atRisk',
  stalled: 'stalled',
  held: 'onHold',
}
const icons: Partial<Record<OrderStatus | 'all', LucideIcon>> = { open: CircleDot, completed: Check, all: List }
const iconSize = 14

interface StatusTabsProps {
  /** Undefined: all orders. */
  readonly status: OrderStatus | undefined
  /** Number of orders of the selected status. Undefined: not known yet. */
  readonly total: number | undefined
  readonly onChange: (status: OrderStatus | undefined) => void
}

/** Tabs of order states, each with its shape and name. */
export function StatusTabs({ status, total, onChange }: StatusTabsProps) {
  const { t, language } = useText()
  return (
    <div className={styles['tabs']} role="group" aria-label={t('orders.status.label')}>
      {[...orderStatuses, 'all' as const].map((each) => {
        const isChosen = each === (status ?? 'all')
        return (
          <button
            key={each}
            type="button"
            aria-pressed={isChosen}
            className={clsx(styles['tab'], styles[each])}
            onClick={() => onChange(each === 'all' ? undefined : each)}
          >
            <TabIcon of={each} />
            {t(`orders.status.${each}`)}
            {isChosen && total !== undefined && <span className={styles['total']}>{formatCount(total, language)}</span>}
          </button>
        )
      })}
    </div>
  )
}

function TabIcon({ of }: { readonly of: OrderStatus | 'all' }) {
  const glyph = glyphs[of]
  if (glyph !== undefined) return <StatusGlyph state={glyph} />
  const LucideShape = icons[of]
  return LucideShape === undefined ? <Icon name="unclaimed" /> : <LucideShape size={iconSize} aria-hidden />
}
