import type { FlowAnswer } from '@stagewatch/shared/contract/analysis.ts'
import { Link } from '@tanstack/react-router'
import card from '../../../components/card.module.css'
import { OrdersLink } from '../../../components/order/orders-link.tsx'
import { ScrollArea } from '../../../components/scroll-area.tsx'
import { formatNet } from '../../../format/quantity.ts'
import { useAnalysisScope } from '../analysis-scope.ts'
import styles from '../analysis.module.css'
import { useAnalysisText } from '../use-analysis-text.ts'

/** Each stage's open orders at the start, its arrivals and departures in the period, and its open orders at the end. */
export function FlowTable({ answer: { stages } }: { readonly answer: FlowAnswer }) {
  const { t, language, nameOf, count } = useAnalysisText()
  const { filters } = useAnalysisScope()
  const sum = (counts: readonly number[]): number => counts.reduce((total, each) => total + each, 0)
  return (
    <section className={card['card']} aria-labelledby="flow-stages">
      <h2 id="flow-stages" className={card['title']}>
        {t('analysis.flow.stages')}
      </h2>
      <ScrollArea label={t('analysis.flow.stages')} className={styles['scroll']}>
        <table className={styles['table']}>
          <thead>
            <tr>
              <th scope="col">{t('analysis.dimension.stage')}</th>
              {(['before', 'arrived', 'departed', 'net', 'end'] as const).map((column) => (
                <th key={column} scope="col">
                  {t(`analysis.flow.${column}`)}
                </th>
              ))}
              <th scope="col">
                <span className="hidden-text" data-may-truncate>
                  {t('analysis.column.orders')}
                </span>
              </th>
            </tr>
          </thead>
          <tbody>
            {stages.map(({ stage, process, name, openBefore, arrived, departed, open }) => (
              <tr key={`${process} ${stage}`}>
                <th scope="row">
                  <Link to="/analysis/flow" search={(previous) => ({ ...previous, stage, of: process })}>
                    {nameOf(name)}
                  </Link>
                </th>
                <td>{count(openBefore)}</td>
                <td>{count(sum(arrived))}</td>
                <td>{count(sum(departed))}</td>
                <td>{formatNet(sum(arrived) - sum(departed), language)}</td>
                <td>{count(open.at(-1) ?? openBefore)}</td>
                <td>
                  <OrdersLink
                    choice={{ status: 'open', ...filters, stage, process: [process] }}
                    label={t('analysis.openOrdersOf', { name: nameOf(name) })}
                  >
                    {t('analysis.openOrders')}
                  </OrdersLink>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
    </section>
  )
}
