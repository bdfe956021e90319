import type { QueryClient } from '@tanstack/react-query'
import { createRouter } from '@tanstack/react-router'
import { parseSearch, stringifySearch } from '../api/search-params.ts'
import { ErrorPage } from './error-page.tsx'
import { PendingAlone } from './pending-page.tsx'
import { analysisRoutes } from './routes/analysis-routes.ts'
import { rootRoute, shellRoute } from './routes/base-routes.ts'
import { orderRoutes } from './routes/order-routes.ts'
import { peopleRoutes } from './routes/people-routes.ts'
import { signInRoutes } from './routes/sign-in-routes.ts'
import { siteRoutes } from './routes/site-routes.ts'

/** The previous page stays this long, with a loading bar, which avoids a flash if the script arrives soon. */
const pendingAfterMs = 300

export function newRouter(queries: QueryClient) {
  return createRouter({
    routeTree: rootRoute.addChildren([
      ...signInRoutes,
      shellRoute.addChildren([...orderRoutes, analysisRoutes, ...siteRoutes, ...peopleRoutes]),
    ]),
    context: { queries },
    defaultErrorComponent: ErrorPage,
    defaultPendingComponent: PendingAlone,
    defaultPendingMs: pendingAfterMs,
    defaultPendingMinMs: pendingAfterMs,
    // Hovering over a link preloads the script and the data of its page.
    defaultPreload: 'intent',
    parseSearch,
    stringifySearch,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof newRouter>
  }
}
