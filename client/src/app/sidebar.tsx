import { Link } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { LayoutDashboard, Search } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useMe } from '../api/session.ts'
import { LanguageToggle } from '../components/layout/language-toggle.tsx'
import navItem from '../components/layout/nav-item.module.css'
import { wallPath } from '../components/layout/wall-path.ts'
import { Logo } from '../components/logo.tsx'
import { useText } from '../locales/use-text.ts'
import { AccountMenu } from './account-menu.tsx'
import { MoreMenu } from './more-menu.tsx'
import { mainPaths, sidebarItems } from './sidebar-items.ts'
import styles from './sidebar.module.css'

const SidebarCount = lazy(async () => {
  const { SidebarCount: component } = await import('./sidebar-count.tsx')
  return { default: component }
})
const iconSize = 22

interface SidebarProps {
  readonly onSearch: () => void
  readonly onShortcuts: () => void
  readonly onScan: () => void
}

/** At the side on a laptop, at the bottom on a phone. Shows only the pages that the role may open. */
export function Sidebar({ onSearch, onShortcuts, onScan }: SidebarProps) {
  const { t, language } = useText()
  const { site, actions } = useMe()
  return (
    <nav className={styles['sidebar']} data-floats aria-label={t('nav.label')}>
      <a className={styles['logo']} href="/?page=start" aria-label={t('desk.toStart')}>
        <Logo />
      </a>
      <div className={styles['pages']} data-scrolls>
        <button type="button" className={navItem['item']} onClick={onSearch}>
          <Search size={iconSize} aria-hidden />
          <span>{t('palette.open')}</span>
        </button>
        {actions.includes('board.read') && (
          <a className={clsx(navItem['item'], styles['wall'])} href={wallPath(site, language)}>
            <LayoutDashboard size={iconSize} aria-hidden />
            <span>{t('nav.wall')}</span>
          </a>
        )}
        {sidebarItems
          .filter(({ needs }) => actions.includes(needs))
          .map(({ path, icon: Icon, text }) => (
            <Link
              key={path}
              to={path}
              className={clsx(navItem['item'], !mainPaths.includes(path) && styles['besides'])}
              activeProps={{ 'aria-current': 'page' }}
            >
              <Icon size={iconSize} aria-hidden />
              <span>{t(text)}</span>
              {(path === '/tasks' || path === '/approvals') && (
                <Suspense>
                  <SidebarCount path={path} />
                </Suspense>
              )}
            </Link>
          ))}
        <MoreMenu />
      </div>
      <div className={styles['foot']}>
        <LanguageToggle isSignedIn />
      </div>
      <AccountMenu onShortcuts={onShortcuts} onScan={onScan} />
    </nav>
  )
}
