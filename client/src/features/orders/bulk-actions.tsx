import { Button } from '@mantine/core'
import { maxActedOrders } from '@stagewatch/shared/contract/order-action.ts'
import { useState } from 'react'
import { useMe } from '../../api/session.ts'
import layout from '../../components/layout/layout.module.css'
import { OnlineButton } from '../../components/online-button.tsx'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import { BulkDialog, type BulkAction } from './bulk-dialog.tsx'
import styles from './bulk-actions.module.css'
import type { ShownOrder } from './shown-orders.ts'
import type { Selection } from './use-selection.ts'

interface BulkActionsProps {
  readonly selection: Selection
  readonly rows: readonly ShownOrder[]
}

/** Actions for the selected rows, at the bottom of the window. */
export function BulkActions({ selection, rows }: BulkActionsProps) {
  const { t, language } = useText()
  const { actions } = useMe()
  const [action, setAction] = useState<BulkAction>()
  const { chosen, clear } = selection
  const offered: readonly BulkAction[] = [
    'acknowledge',
    'claim',
    ...(actions.includes('orders.manage') ? (['assign'] as const) : []),
    'explain',
    'hold',
    'resume',
    'comment',
  ]
  return (
    <>
      {chosen.size > 0 && (
        <div className={styles['bar']} role="region" aria-label={t('orders.bulk.title')} data-floats>
          <strong role="status">
            {t('orders.bulk.chosen', { count: chosen.size, value: formatCount(chosen.size, language) })}
          </strong>
          {chosen.size === maxActedOrders && (
            <span className={layout['meta']}>
              {t('orders.bulk.most', { value: formatCount(maxActedOrders, language) })}
            </span>
          )}
          <div className={layout['row']}>
            {offered.map((each) => (
              <OnlineButton key={each} variant="default" size="compact-md" onClick={() => setAction(each)}>
                {t(`orders.bulk.action.${each}`)}
              </OnlineButton>
            ))}
            <Button variant="subtle" size="compact-md" onClick={clear}>
              {t('orders.bulk.clear')}
            </Button>
          </div>
        </div>
      )}
      {action !== undefined && (
        <BulkDialog
          action={action}
          orders={rows.flatMap(({ order }) => (chosen.has(order.order) ? [order] : []))}
          onDone={clear}
          onClose={() => setAction(undefined)}
        />
      )}
    </>
  )
}
