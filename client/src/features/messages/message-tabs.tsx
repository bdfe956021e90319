import { Link } from '@tanstack/react-router'
import styles from '../../components/tabs.module.css'
import { useText } from '../../locales/use-text.ts'

const tabs = [
  { path: '/customer-news', text: 'messages.customers' },
  { path: '/message-texts', text: 'messages.texts' },
] as const

/** Tabs of the pages on which a site sets what its messages say and what its customers are told. */
export function MessageTabs() {
  const { t } = useText()
  return (
    <nav className={styles['tabs']} aria-label={t('messages.tabs')}>
      {tabs.map(({ path, text }) => (
        <Link key={path} to={path} className={styles['tab']} activeProps={{ 'aria-current': 'page' }}>
          {t(text)}
        </Link>
      ))}
    </nav>
  )
}
