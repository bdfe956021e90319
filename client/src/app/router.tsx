import type { Action } from '@stagewatch/shared/domain/access/action.ts'
import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  retainSearchParams,
} from '@tanstack/react-router'
import { z } from 'zod'
import { boardQuery } from '../api/board.ts'
import { processesQuery } from '../api/processes.ts'
import { parseSearch, stringifySearch, textParam } from '../api/search-params.ts'
import { meQuery, signInOptionsQuery } from '../api/session.ts'
import { filterSearch } from '../components/filters/filter-search.ts'
import { sessionsQuery } from '../features/account/api.ts'
import { compareSearch } from '../features/analysis/compare/compare-search.ts'
import { flowSearch } from '../features/analysis/flow/flow-search.ts'
import { lagSearch } from '../features/analysis/lag/lag-search.ts'
import { pathsSearch } from '../features/analysis/paths/paths-search.ts'
import { timeSearch } from '../features/analysis/time/time-search.ts'
import { changesQuery } from '../features/changes/api.ts'
import { importQuery, importsQuery, uploadQuery, uploadsQuery } from '../features/imports/api.ts'
import { importsSearch, newImportSearch } from '../features/imports/imports-search.ts'
import { keysQuery } from '../features/keys/api.ts'
import { orderListQuery, orderQuery } from '../features/orders/api.ts'
import { ordersSearch, questionOf } from '../features/orders/orders-search.ts'
import { overviewSearch } from '../features/overview/search.ts'
import { peopleQuery } from '../features/people/api.ts'
import { privacyQuery } from '../features/privacy/api.ts'
import { calendarsQuery, draftQuery } from '../features/processes/api.ts'
import { processSearch } from '../features/processes/processes-search.ts'
import { screensQuery } from '../features/screens/api.ts'
import { causesQuery, sourcesQuery } from '../features/sources/api.ts'
import { AppShell } from './app-shell.tsx'
import { ErrorPage } from './error-page.tsx'
import { HomePage } from './home-page.tsx'
import { NotFoundPage } from './not-found-page.tsx'

interface RouterContext {
  readonly queries: QueryClient
}

interface LoaderOptions {
  readonly context: RouterContext
  readonly deps: { readonly site?: string | undefined }
}

const rootRoute = createRootRouteWithContext<RouterContext>()({
  // Undefined: the server's default site for the person.
  validateSearch: z.object({ site: textParam }),
  search: { middlewares: [retainSearchParams(['site'])] },
  notFoundComponent: NotFoundPage,
})

const getParentRoute = () => rootRoute

const signInRoute = createRoute({
  getParentRoute,
  path: '/sign-in',
  // Where to continue, and why single sign-on came back without anybody.
  validateSearch: z.object({ next: textParam, error: textParam }),
  loader: ({ context: { queries } }) => start(queries.query(signInOptionsQuery)),
  component: lazyRouteComponent(() => import('../features/sign-in/sign-in-page.tsx'), 'SignInPage'),
})
const setupRoute = createRoute({
  getParentRoute,
  path: '/setup',
  loader: ({ context: { queries } }) => start(queries.query(signInOptionsQuery)),
  component: lazyRouteComponent(() => import('../features/sign-in/setup-page.tsx'), 'SetupPage'),
})
const joinRoute = createRoute({
  getParentRoute,
  path: '/join',
  component: lazyRouteComponent(() => import('../features/sign-in/join-page.tsx'), 'JoinPage'),
})
const forgotRoute = createRoute({
  getParentRoute,
  path: '/forgot',
  component: lazyRouteComponent(() => import('../features/sign-in/password-reset-pages.tsx'), 'ForgotPage'),
})
const resetRoute = createRoute({
  getParentRoute,
  path: '/reset',
  validateSearch: z.object({ token: textParam }),
  component: lazyRouteComponent(() => import('../features/sign-in/password-reset-pages.tsx'), 'ResetPage'),
})

const shellRoute = createRoute({ getParentRoute, id: 'shell', component: AppShell })
const homeRoute = createRoute({ getParentRoute: () => shellRoute, path: '/home', component: HomePage })
const ordersRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/orders',
  validateSearch: ordersSearch,
  loaderDeps: ({ search }) => ({ site: siteOf({ search }).site, question: questionOf(search) }),
  loader: (options) =>
    prefetch(options, 'orders.read', (queries, site) =>
      queries.infiniteQuery(orderListQuery(site, options.deps.question)),
    ),
  component: lazyRouteComponent(() => import('../features/orders/orders-page.tsx'), 'OrdersPage'),
})
const orderRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/orders/$order',
  // The question of the list that it was opened from.
  validateSearch: z.object({ list: textParam }),
  loaderDeps: siteOf,
  loader: (options) =>
    prefetch(options, 'orders.read', (queries, site) => queries.query(orderQuery(site, options.params.order))),
  component: lazyRouteComponent(() => import('../features/orders/order-page.tsx'), 'OrderPage'),
})
const overviewRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/overview',
  validateSearch: overviewSearch,
  loaderDeps: siteOf,
  loader: (options) => prefetch(options, 'numbers.read', (queries, site) => queries.query(boardQuery(site))),
  component: lazyRouteComponent(() => import('../features/overview/overview-page.tsx'), 'OverviewPage'),
})
const analysisRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/analysis',
  validateSearch: filterSearch,
  loaderDeps: siteOf,
  loader: (options) => prefetch(options, 'numbers.read', (queries, site) => queries.query(boardQuery(site))),
  component: lazyRouteComponent(() => import('../features/analysis/analysis-page.tsx'), 'AnalysisPage'),
})
const timeRoute = createRoute({
  getParentRoute: () => analysisRoute,
  path: '/',
  validateSearch: timeSearch,
  component: lazyRouteComponent(() => import('../features/analysis/time/time-page.tsx'), 'TimePage'),
})
const flowRoute = createRoute({
  getParentRoute: () => analysisRoute,
  path: '/flow',
  validateSearch: flowSearch,
  component: lazyRouteComponent(() => import('../features/analysis/flow/flow-page.tsx'), 'FlowPage'),
})
const lagRoute = createRoute({
  getParentRoute: () => analysisRoute,
  path: '/lag',
  validateSearch: lagSearch,
  component: lazyRouteComponent(() => import('../features/analysis/lag/lag-page.tsx'), 'LagPage'),
})
const pathsRoute = createRoute({
  getParentRoute: () => analysisRoute,
  path: '/paths',
  validateSearch: pathsSearch,
  component: lazyRouteComponent(() => import('../features/analysis/paths/paths-page.tsx'), 'PathsPage'),
})
const outliersRoute = createRoute({
  getParentRoute: () => analysisRoute,
  path: '/outliers',
  component: lazyRouteComponent(() => import('../features/analysis/outliers/outliers-page.tsx'), 'OutliersPage'),
})
const compareRoute = createRoute({
  getParentRoute: () => analysisRoute,
  path: '/compare',
  validateSearch: compareSearch,
  component: lazyRouteComponent(() => import('../features/analysis/compare/compare-page.tsx'), 'ComparePage'),
})
const pairRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/pair',
  validateSearch: z.object({ code: textParam }),
  component: lazyRouteComponent(() => import('../features/screens/pair-page.tsx'), 'PairPage'),
})
const accountRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/account',
  loader: ({ context: { queries } }) => start(queries.query(sessionsQuery)),
  component: lazyRouteComponent(() => import('../features/account/account-page.tsx'), 'AccountPage'),
})
const peopleRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/people',
  loaderDeps: siteOf,
  loader: (options) => prefetch(options, 'people.read', (queries, site) => queries.query(peopleQuery(site))),
  component: lazyRouteComponent(() => import('../features/people/people-page.tsx'), 'PeoplePage'),
})
const keysRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/keys',
  loaderDeps: siteOf,
  loader: (options) => prefetch(options, 'keys.manage', (queries, site) => queries.query(keysQuery(site))),
  component: lazyRouteComponent(() => import('../features/keys/keys-page.tsx'), 'KeysPage'),
})
const changesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/changes',
  loaderDeps: siteOf,
  loader: (options) => prefetch(options, 'changes.read', (queries, site) => queries.infiniteQuery(changesQuery(site))),
  component: lazyRouteComponent(() => import('../features/changes/changes-page.tsx'), 'ChangesPage'),
})
const sourcesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/sources',
  loaderDeps: siteOf,
  loader: (options) =>
    prefetch(options, 'site.manage', (queries, site) =>
      Promise.all([queries.query(sourcesQuery(site)), queries.query(causesQuery(site))]),
    ),
  component: lazyRouteComponent(() => import('../features/sources/sources-page.tsx'), 'SourcesPage'),
})
const importsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/imports',
  validateSearch: importsSearch,
  loaderDeps: siteOf,
  loader: (options) => prefetch(options, 'imports.manage', (queries, site) => queries.query(importsQuery(site))),
  component: lazyRouteComponent(() => import('../features/imports/imports-page.tsx'), 'ImportsPage'),
})
const newImportRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/imports/new',
  validateSearch: newImportSearch,
  loaderDeps: ({ search }) => ({ site: siteOf({ search }).site, upload: search.upload }),
  loader: (options) =>
    prefetch(options, 'imports.manage', (queries, site) => {
      const { upload } = options.deps
      return upload === undefined ? queries.query(uploadsQuery(site)) : queries.query(uploadQuery(site, upload))
    }),
  component: lazyRouteComponent(() => import('../features/imports/new-import-page.tsx'), 'NewImportPage'),
})
const importRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/imports/$id',
  loaderDeps: siteOf,
  loader: (options) =>
    prefetch(options, 'imports.manage', (queries, site) => queries.query(importQuery(site, Number(options.params.id)))),
  component: lazyRouteComponent(() => import('../features/imports/import-page.tsx'), 'ImportPage'),
})
const processesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/processes',
  loaderDeps: siteOf,
  loader: (options) => prefetch(options, 'rules.read', (queries, site) => queries.query(processesQuery(site))),
  component: lazyRouteComponent(() => import('../features/processes/processes-page.tsx'), 'ProcessesPage'),
})
const calendarsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/calendars',
  loaderDeps: siteOf,
  loader: (options) => prefetch(options, 'rules.read', (queries, site) => queries.query(calendarsQuery(site))),
  component: lazyRouteComponent(() => import('../features/processes/calendars/calendars-page.tsx'), 'CalendarsPage'),
})
const processRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/processes/$process',
  validateSearch: processSearch,
  loaderDeps: siteOf,
  loader: (options) =>
    prefetch(options, 'rules.change', (queries, site) => queries.query(draftQuery(site, options.params.process))),
  component: lazyRouteComponent(() => import('../features/processes/process-page.tsx'), 'ProcessPage'),
})
const screensRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/screens',
  loaderDeps: siteOf,
  loader: (options) => prefetch(options, 'screens.read', (queries, site) => queries.query(screensQuery(site))),
  component: lazyRouteComponent(() => import('../features/screens/screens-page.tsx'), 'ScreensPage'),
})
const privacyRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/privacy',
  loaderDeps: siteOf,
  loader: (options) => prefetch(options, 'site.manage', (queries, site) => queries.query(privacyQuery(site))),
  component: lazyRouteComponent(() => import('../features/privacy/privacy-page.tsx'), 'PrivacyPage'),
})

export function newRouter(queries: QueryClient) {
  return createRouter({
    routeTree: rootRoute.addChildren([
      signInRoute,
      setupRoute,
      joinRoute,
      forgotRoute,
      resetRoute,
      shellRoute.addChildren([
        homeRoute,
        overviewRoute,
        analysisRoute.addChildren([timeRoute, flowRoute, lagRoute, pathsRoute, outliersRoute, compareRoute]),
        ordersRoute,
        orderRoute,
        pairRoute,
        accountRoute,
        peopleRoute,
        keysRoute,
        changesRoute,
        processesRoute,
        processRoute,
        calendarsRoute,
        screensRoute,
        sourcesRoute,
        importsRoute,
        newImportRoute,
        importRoute,
        privacyRoute,
      ]),
    ]),
    context: { queries },
    defaultErrorComponent: ErrorPage,
    // A pointer over a link loads the script of the page and its data.
    defaultPreload: 'intent',
    parseSearch,
    stringifySearch,
  })
}

function siteOf({ search: { site } }: { readonly search: { readonly site?: string | undefined } }) {
  return { site }
}

/** Loads the data of a page beside its script, for whoever may see it. */
async function prefetch(
  { context: { queries }, deps: { site } }: LoaderOptions,
  needs: Action,
  load: (queries: QueryClient, site: string) => Promise<unknown>,
): Promise<void> {
  const me = await queries.query({ ...meQuery(site), staleTime: 'static' }).catch(() => undefined)
  if (me?.actions.includes(needs) === true) start(load(queries, me.site))
}

/** Nothing is awaited that could keep a page from being drawn; the page itself shows what goes wrong. */
function start(loading: Promise<unknown>): void {
  loading.catch(() => undefined)
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof newRouter>
  }
}
