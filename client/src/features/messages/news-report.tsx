import { customerMailOutcomes } from '@stagewatch/shared/contract/customer-news.ts'
import type { CustomerNewsView } from '@stagewatch/shared/contract/customer-news.ts'
import { Link } from '@tanstack/react-router'
import card from '../../components/card.module.css'
import layout from '../../components/layout/layout.module.css'
import { instantText } from '../../format/instant-text.ts'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'

interface NewsReportProps {
  readonly view: CustomerNewsView
  /** Epoch ms. */
  readonly asOf: number
}

/** What became of the mails of the last 30 days, and what has to be corrected at its source. */
export function NewsReport({ view: { counts, optedOutCount, problems }, asOf }: NewsReportProps) {
  const { t, language } = useText()
  const count = (value: number): string => formatCount(value, language)
  return (
    <section className={card['card']}>
      <h2 className={card['title']}>{t('messages.reportTitle')}</h2>
      <dl className={layout['pairs']}>
        {customerMailOutcomes.map((outcome) => (
          <div key={outcome} style={{ display: 'contents' }}>
            <dt>{t(`messages.outcome.${outcome}`)}</dt>
            <dd>{count(counts[outcome])}</dd>
          </div>
        ))}
        <dt>{t('messages.optedOut')}</dt>
        <dd>{count(optedOutCount)}</dd>
      </dl>
      {problems.length > 0 && (
        <>
          <h3 className={card['title']}>{t('messages.problems')}</h3>
          <ul>
            {problems.map(({ order, at, outcome, address }) => (
              <li key={`${order} ${at} ${outcome}`} className={layout['listRow']}>
                <span className={layout['break']}>
                  <Link to="/orders/$order" params={{ order }}>
                    {order}
                  </Link>{' '}
                  {t(`messages.outcome.${outcome}`)}
                  {address !== undefined && <span className={layout['meta']}> {address}</span>}
                </span>
                <time className={layout['meta']} dateTime={new Date(at).toISOString()}>
                  {instantText(at, asOf, language)}
                </time>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
