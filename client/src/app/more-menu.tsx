import { Menu } from '@mantine/core'
import { Link, useLocation } from '@tanstack/react-router'
import { Ellipsis } from 'lucide-react'
import { useMe } from '../api/session.ts'
import navItem from '../components/layout/nav-item.module.css'
import { useText } from '../locales/use-text.ts'
import { mainPaths, sidebarItems } from './sidebar-items.ts'
import styles from './sidebar.module.css'

/** Menu of the secondary pages on a phone, where they do not fit into the sidebar. */
export function MoreMenu() {
  const { t } = useText()
  const { actions } = useMe()
  const { pathname } = useLocation()
  const items = sidebarItems.filter(({ path, needs }) => actions.includes(needs) && !mainPaths.includes(path))
  return (
    <Menu position="top" width={220}>
      <Menu.Target>
        <button
          type="button"
          className={`${navItem['item']} ${styles['more']}`}
          aria-current={
            items.some(({ path }) => pathname === path || pathname.startsWith(`${path}/`)) ? 'page' : undefined
          }
        >
          <Ellipsis size={22} aria-hidden />
          <span>{t('nav.more')}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {items.map(({ path, icon: Icon, text }) => (
          <Menu.Item key={path} component={Link} to={path} leftSection={<Icon size={18} aria-hidden />}>
            {t(text)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
