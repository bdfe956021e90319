import { useQuery } from '@tanstack/react-query'
import { Navigate, Outlet, useLocation, useSearch } from '@tanstack/react-router'
import { meQuery } from '../api/me.ts'
import { isRefusal } from '../api/refused.ts'
import { useText } from '../../text/use-text.ts'
import { Loaded } from '../parts/loaded.tsx'
import { MeContext } from './me-context.ts'
import { Rail } from './rail.tsx'

/** Around every page that needs somebody to be signed in; nobody else gets further than here. */
export function DeskShell() {
  const { t } = useText()
  const { site } = useSearch({ from: '__root__' })
  const { href, pathname } = useLocation()
  const query = useQuery(meQuery(site))
  const isVisitor = query.data !== undefined && query.data.kind !== 'person'
  if (isVisitor || isRefusal(query.error, 'unauthorized')) {
    // The address has changed before this page is gone.
    return pathname === '/sign-in' ? null : <Navigate to="/sign-in" search={{ next: href }} replace />
  }
  if (query.data === undefined) {
    return (
      <main className="content content--alone">
        <Loaded query={query}>{() => null}</Loaded>
        {query.isError && <a href="/">{t('desk.toStart')}</a>}
      </main>
    )
  }
  return (
    <MeContext value={query.data}>
      <a className="skip" href="#content">
        {t('desk.skip')}
      </a>
      <div className="desk">
        <Rail />
        <div className="desk__main">
          <Outlet />
        </div>
      </div>
    </MeContext>
  )
}
