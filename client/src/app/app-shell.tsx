import { useQuery } from '@tanstack/react-query'
import { Navigate, Outlet, useLocation, useSearch } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { useMemo, useState, type ReactNode } from 'react'
import { LiveConnection } from '../api/live-connection.ts'
import { isApiError } from '../api/request.ts'
import { meQuery, MeContext, useMe } from '../api/session.ts'
import { LiveContext } from '../api/use-live-query.ts'
import page from '../components/layout/page.module.css'
import { QueryBoundary } from '../components/query-boundary.tsx'
import { useText } from '../locales/use-text.ts'
import styles from './app-shell.module.css'
import { ReauthenticationDialog } from './reauthentication-dialog.tsx'
import { Overlay, type OverlayName } from './overlay.tsx'
import { Sidebar } from './sidebar.tsx'

/** Around every page that needs somebody to be signed in; nobody else gets further than here. */
export function AppShell() {
  const { t } = useText()
  const { site } = useSearch({ from: '__root__' })
  const { href, pathname } = useLocation()
  const query = useQuery(meQuery(site))
  const [overlay, setOverlay] = useState<OverlayName>()
  const isVisitor = query.data !== undefined && query.data.kind !== 'person'
  if (isVisitor || isApiError(query.error, 'unauthorized')) {
    // The address has changed before this page is gone.
    return pathname === '/sign-in' ? null : <Navigate to="/sign-in" search={{ next: href }} replace />
  }
  if (query.data === undefined) {
    return (
      <main className={clsx(page['content'], page['alone'])}>
        <QueryBoundary query={query}>{() => null}</QueryBoundary>
        {query.isError && <a href="/">{t('desk.toStart')}</a>}
      </main>
    )
  }
  return (
    <MeContext value={query.data}>
      <a className={styles['skip']} href="#content">
        {t('desk.skip')}
      </a>
      <div className={styles['shell']}>
        <Sidebar
          onSearch={() => setOverlay('palette')}
          onShortcuts={() => setOverlay('shortcuts')}
          onScan={() => setOverlay('scan')}
        />
        <LiveProvider>
          <div>
            <Outlet />
          </div>
        </LiveProvider>
      </div>
      <Overlay shown={overlay} onShow={setOverlay} />
      <ReauthenticationDialog />
    </MeContext>
  )
}

/** The connection over which all pages of a site are told what changes, unless somebody has paused that. */
function LiveProvider({ children }: { readonly children: ReactNode }) {
  const { site } = useMe()
  const [isPaused, setPaused] = useState(false)
  const connection = useMemo(() => (isPaused ? undefined : new LiveConnection(site)), [site, isPaused])
  const updates = useMemo(() => ({ connection, isPaused, setPaused }), [connection, isPaused])
  return <LiveContext value={updates}>{children}</LiveContext>
}
