import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { z } from 'zod'
import { boardQuery } from '../../api/site-queries.ts'
import { textParam } from '../../api/search-params.ts'
import { alertsSearch } from '../../features/alerts/alerts-search.ts'
import { approvalsSearch } from '../../features/approvals/approvals-search.ts'
import { orderListQuery, orderQuery } from '../../features/orders/api.ts'
import { ordersSearch, questionOf } from '../../features/orders/orders-search.ts'
import { tasksSearch } from '../../features/tasks/tasks-search.ts'
import { overviewSearch } from '../../features/overview/search.ts'
import { HomePage } from '../home-page.tsx'
import { PendingPage } from '../pending-page.tsx'
import { prefetch, shellRoute, siteOf } from './base-routes.ts'

const homeRoute = createRoute({ getParentRoute: () => shellRoute, path: '/home', component: HomePage })
const overviewRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/overview',
  validateSearch: overviewSearch,
  loaderDeps: siteOf,
  loader: (options) => prefetch(options, 'numbers.read', (queries, site) => queries.query(boardQuery(site))),
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/overview/overview-page.tsx'), 'OverviewPage'),
})
const ordersRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/orders',
  validateSearch: ordersSearch,
  loaderDeps: ({ search }) => ({ site: siteOf({ search }).site, question: questionOf(search) }),
  loader: (options) =>
    prefetch(options, 'orders.read', (queries, site) =>
      queries.infiniteQuery(orderListQuery(site, options.deps.question)),
    ),
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/orders/orders-page.tsx'), 'OrdersPage'),
})
const orderRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/orders/$order',
  // Search parameters of the list from which the order was opened.
  validateSearch: z.object({ list: textParam }),
  loaderDeps: siteOf,
  loader: (options) =>
    prefetch(options, 'orders.read', (queries, site) => queries.query(orderQuery(site, options.params.order))),
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/orders/order-page.tsx'), 'OrderPage'),
})
const alertsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/alerts',
  validateSearch: alertsSearch,
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/alerts/alerts-page.tsx'), 'AlertsPage'),
})
const approvalsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/approvals',
  validateSearch: approvalsSearch,
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/approvals/approvals-page.tsx'), 'ApprovalsPage'),
})
const handoverRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/handover',
  validateSearch: z.object({ department: textParam, state: z.enum(['waiting']).optional().catch(undefined) }),
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/handover/handover-page.tsx'), 'HandoverPage'),
})
const pastHandoverRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/handover/$id',
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/handover/past-handover-page.tsx'), 'PastHandoverPage'),
})

const tasksRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/tasks',
  validateSearch: tasksSearch,
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/tasks/tasks-page.tsx'), 'TasksPage'),
})

export const orderRoutes = [
  homeRoute,
  overviewRoute,
  ordersRoute,
  orderRoute,
  alertsRoute,
  tasksRoute,
  approvalsRoute,
  handoverRoute,
  pastHandoverRoute,
] as const
