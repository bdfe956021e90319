import { Link } from '@tanstack/react-router'
import { useMe } from '../../api/session.ts'
import { useText } from '../../locales/use-text.ts'
import styles from '../../components/tabs.module.css'

const tabs = [
  { path: '/team', text: 'team.people' },
  { path: '/departments', text: 'team.departments' },
] as const

/** Tabs of the team pages; users who manage nobody see only one. */
export function TeamTabs() {
  const { t } = useText()
  const { actions } = useMe()
  if (!actions.includes('team.read')) return null
  return (
    <nav className={styles['tabs']} aria-label={t('team.tabs')}>
      {tabs.map(({ path, text }) => (
        <Link key={path} to={path} className={styles['tab']} activeProps={{ 'aria-current': 'page' }}>
          {t(text)}
        </Link>
      ))}
    </nav>
  )
}
