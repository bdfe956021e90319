import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { useQuery } from '@tanstack/react-query'
import { Navigate, Outlet, useLocation, useSearch } from '@tanstack/react-router'
import { clsx } from 'clsx'
import i18next from 'i18next'
import { lazy, Suspense, useEffect, useMemo, useState, type ReactNode } from 'react'
import { LiveConnection } from '../api/live-connection.ts'
import { isApiError } from '../api/request.ts'
import { meQuery, MeContext, useMe } from '../api/session.ts'
import { LiveContext } from '../api/use-live-query.ts'
import { useRefetchOnChange } from '../api/use-refetch-on-change.ts'
import page from '../components/layout/page.module.css'
import { QueryBoundary } from '../components/query-boundary.tsx'
import { changeLanguage, storeLanguage } from '../locales/i18n.ts'
import { useText } from '../locales/use-text.ts'
import styles from './app-shell.module.css'
import { Overlay, type OverlayName } from './overlay.tsx'
import { Sidebar } from './sidebar.tsx'

// Loaded after the page, which works without them as well.
const VersionNotices = lazy(() =>
  import('./version-notices.tsx').then((loaded) => ({ default: loaded.VersionNotices }), nothing),
)
const ReauthenticationDialog = lazy(() =>
  import('./reauthentication-dialog.tsx').then((loaded) => ({ default: loaded.ReauthenticationDialog }), nothing),
)

function nothing() {
  return { default: () => null }
}

/** Surrounds every page that requires a session and redirects everybody else to the sign-in page. */
export function AppShell() {
  const { t } = useText()
  const { site } = useSearch({ from: '__root__' })
  const { href, pathname } = useLocation()
  const query = useQuery(meQuery(site))
  const [overlay, setOverlay] = useState<OverlayName>()
  useOwnLanguage(query.data?.language)
  const isVisitor = query.data !== undefined && query.data.kind !== 'person'
  if (isVisitor || isApiError(query.error, 'unauthorized')) {
    // The path changes before this page unmounts.
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
          <RefetchOnChange />
          <div>
            <Outlet />
            <Suspense>
              <VersionNotices />
            </Suspense>
          </div>
        </LiveProvider>
      </div>
      <Overlay shown={overlay} onShow={setOverlay} />
      <Suspense>
        <ReauthenticationDialog />
      </Suspense>
    </MeContext>
  )
}

/** Shows the desk in the language that the user chose on any device, including a later change elsewhere. */
function useOwnLanguage(language: Language | undefined): void {
  useEffect(() => {
    if (language === undefined || language === i18next.language) return
    // If the texts of the language cannot be loaded, the page keeps its current language.
    void changeLanguage(language).then(
      () => storeLanguage(language),
      () => undefined,
    )
  }, [language])
}

function RefetchOnChange() {
  useRefetchOnChange(useMe().site)
  return null
}

/** Provides the connection that pushes changes to all pages of a site, unless the user has paused updates. */
function LiveProvider({ children }: { readonly children: ReactNode }) {
  const { site } = useMe()
  const [isPaused, setPaused] = useState(false)
  const connection = useMemo(() => (isPaused ? undefined : new LiveConnection(site)), [site, isPaused])
  const updates = useMemo(() => ({ connection, isPaused, setPaused }), [connection, isPaused])
  return <LiveContext value={updates}>{children}</LiveContext>
}
