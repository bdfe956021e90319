import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { orderAlertsQuery } from '../../api/alerts.ts'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import { instantText } from '../../format/instant-text.ts'
import { useText } from '../../locales/use-text.ts'
import { translatedName } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import card from '../card.module.css'
import layout from '../layout/layout.module.css'
import { AlertActions } from './alert-actions.tsx'
import styles from './alerts.module.css'
import { SeverityMark } from './severity-mark.tsx'
import { useAlertText } from './use-alert-text.ts'

/** The current alerts of an order; renders nothing if there are none. */
export function OrderAlerts({ order }: { readonly order: string }) {
  const { t, language, nameOf } = useText()
  const { site } = useMe()
  const query = useQuery(orderAlertsQuery(site, order))
  const { stateText, placeText } = useAlertText(query.data?.translations)
  const alerts = query.data?.alerts ?? []
  if (alerts.length === 0) return null
  const now = serverTime(query.dataUpdatedAt)
  return (
    <section className={card['card']} aria-labelledby="order-alerts">
      <h2 id="order-alerts" className={card['title']}>
        {t('alerts.ofOrder')}
      </h2>
      <ul className={styles['strip']}>
        {alerts.map((alert) => (
          <li key={alert.id}>
            <div>
              <p className={layout['row']}>
                <SeverityMark severity={alert.rule.severity} isShort />
                <Link to="/alerts" search={{ alert: String(alert.id) }}>
                  {nameOf(translatedName(alert.rule.name, alert.rule.names))}
                </Link>
                <strong>{stateText(alert, now)}</strong>
              </p>
              <p className={layout['meta']}>
                {[placeText(alert), t('alerts.since', { time: instantText(alert.beganAt, now, language) })]
                  .filter((part) => part !== undefined)
                  .join(' · ')}
              </p>
            </div>
            <AlertActions alert={alert} />
          </li>
        ))}
      </ul>
    </section>
  )
}
