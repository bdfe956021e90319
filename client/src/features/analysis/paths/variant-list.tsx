import { fewVisits } from '@stagewatch/shared/contract/analysis.ts'
import type { PathsAnswer } from '@stagewatch/shared/contract/analysis-paths.ts'
import type { CSSProperties } from 'react'
import { useAnalysisText } from '../use-analysis-text.ts'
import { FigureLink } from './figure-link.tsx'
import styles from './paths.module.css'

/** The paths that orders took, most frequent first. */
export function VariantList({ answer }: { readonly answer: PathsAnswer }) {
  const { t, nameOf, count, duration, share } = useAnalysisText()
  const names = new Map(answer.stages.map(({ stage, name }) => [stage, nameOf(name)]))
  const most = Math.max(1, ...answer.variants.map(({ orders }) => orders))
  const { otherVariants } = answer
  return (
    <>
      <ol className={styles['ways']}>
        {answer.variants.map(({ id, stages, orders, p50LeadMs, deviates }) => {
          const way = stages.map((stage) => names.get(stage) ?? stage).join(' → ')
          return (
            <li key={id} className={styles['way']} data-few={orders < fewVisits || undefined}>
              <span className={styles['steps']}>
                {deviates && <span className={styles['mark']}>{t('paths.variants.deviates')}</span>}
                {way}
              </span>
              <span className={styles['figures']}>
                {share(orders, answer.orders)} ·{' '}
                <FigureLink figure={{ variant: id }} label={t('paths.variants.ordersOf', { way })}>
                  {t('paths.orders', { count: orders, value: count(orders) })}
                </FigureLink>{' '}
                · {t('paths.variants.lead', { value: duration(p50LeadMs) })}
              </span>
              <span className={styles['track']}>
                <span className={styles['bar']} style={{ '--part': orders / most } as CSSProperties} />
              </span>
            </li>
          )
        })}
      </ol>
      {otherVariants.orders > 0 && (
        <p className={styles['note']}>
          {t('paths.variants.rest', {
            count: otherVariants.orders,
            value: count(otherVariants.orders),
            share: share(otherVariants.orders, answer.orders),
            lead: duration(otherVariants.p50LeadMs),
          })}
        </p>
      )}
      <p className={styles['note']}>{t('paths.variants.few', { value: count(fewVisits) })}</p>
    </>
  )
}
