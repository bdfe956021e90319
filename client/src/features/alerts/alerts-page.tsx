import { Link, useSearch } from '@tanstack/react-router'
import { useMe } from '../../api/session.ts'
import { Page } from '../../components/layout/page.tsx'
import { useText } from '../../locales/use-text.ts'
import styles from '../../components/tabs.module.css'
import { LiveAlerts } from './live/live-alerts.tsx'
import { Rules } from './rules/rules.tsx'

/** The alerts, and the rules that raise them. */
export function AlertsPage() {
  const { t } = useText()
  const { actions } = useMe()
  const { tab } = useSearch({ from: '/shell/alerts' })
  return (
    <Page title={t('nav.alerts')} needs={tab === 'rules' ? 'rules.read' : 'orders.read'}>
      {actions.includes('rules.read') && (
        <nav className={styles['tabs']} aria-label={t('alerts.tabs')}>
          {([undefined, 'rules'] as const).map((each) => (
            <Link
              key={each ?? 'live'}
              to="/alerts"
              search={({ site }) => ({ site, tab: each })}
              className={styles['tab']}
              activeOptions={{ includeSearch: true, explicitUndefined: true }}
              activeProps={{ 'aria-current': 'page' }}
            >
              {t(`alerts.tab.${each ?? 'live'}`)}
            </Link>
          ))}
        </nav>
      )}
      {tab === 'rules' ? <Rules /> : <LiveAlerts />}
    </Page>
  )
}
