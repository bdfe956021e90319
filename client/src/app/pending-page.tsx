import { useRouterState } from '@tanstack/react-router'
import { clsx } from 'clsx'
import page from '../components/layout/page.module.css'
import { Skeleton } from '../components/query-boundary.tsx'
import { useText } from '../locales/use-text.ts'
import { sidebarItems } from './sidebar-items.ts'

/** In place of a page of the desk whose script is being loaded. */
export function PendingPage() {
  const { t } = useText()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const item = sidebarItems.find((each) => path === each.path)
  return (
    <>
      <header className={page['topBar']}>
        {item !== undefined && <p className={clsx(page['title'], page['spring'])}>{t(item.text)}</p>}
      </header>
      <main className={page['content']} id="content" aria-busy>
        <Skeleton />
      </main>
    </>
  )
}

/** In place of a page outside the desk, such as the sign-in page. */
export function PendingAlone() {
  return (
    <main className={clsx(page['content'], page['alone'])} aria-busy>
      <Skeleton />
    </main>
  )
}
