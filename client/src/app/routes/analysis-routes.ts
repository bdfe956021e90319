import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { boardQuery } from '../../api/site-queries.ts'
import { filterSearch } from '../../components/filters/filter-search.ts'
import { Skeleton } from '../../components/query-boundary.tsx'
import { compareSearch } from '../../features/analysis/compare/compare-search.ts'
import {
  flowSearch,
  lagSearch,
  pathsSearch,
  timeSearch,
  visitsSearch,
} from '../../features/analysis/analysis-search.ts'
import { PendingPage } from '../pending-page.tsx'
import { prefetch, shellRoute, siteOf } from './base-routes.ts'

const analysisRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/analysis',
  validateSearch: filterSearch,
  loaderDeps: siteOf,
  loader: (options) => prefetch(options, 'numbers.read', (queries, site) => queries.query(boardQuery(site))),
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/analysis/analysis-page.tsx'), 'AnalysisPage'),
})
const timeRoute = createRoute({
  getParentRoute: () => analysisRoute,
  path: '/',
  validateSearch: timeSearch,
  pendingComponent: Skeleton,
  component: lazyRouteComponent(() => import('../../features/analysis/time/time-page.tsx'), 'TimePage'),
})
const flowRoute = createRoute({
  getParentRoute: () => analysisRoute,
  path: '/flow',
  validateSearch: flowSearch,
  pendingComponent: Skeleton,
  component: lazyRouteComponent(() => import('../../features/analysis/flow/flow-page.tsx'), 'FlowPage'),
})
const lagRoute = createRoute({
  getParentRoute: () => analysisRoute,
  path: '/lag',
  validateSearch: lagSearch,
  pendingComponent: Skeleton,
  component: lazyRouteComponent(() => import('../../features/analysis/lag/lag-page.tsx'), 'LagPage'),
})
const approvalsRoute = createRoute({
  getParentRoute: () => analysisRoute,
  path: '/approvals',
  pendingComponent: Skeleton,
  component: lazyRouteComponent(
    () => import('../../features/analysis/approvals/approval-time-page.tsx'),
    'ApprovalTimePage',
  ),
})
const pathsRoute = createRoute({
  getParentRoute: () => analysisRoute,
  path: '/paths',
  validateSearch: pathsSearch,
  pendingComponent: Skeleton,
  component: lazyRouteComponent(() => import('../../features/analysis/paths/paths-page.tsx'), 'PathsPage'),
})
const outliersRoute = createRoute({
  getParentRoute: () => analysisRoute,
  path: '/outliers',
  pendingComponent: Skeleton,
  component: lazyRouteComponent(() => import('../../features/analysis/outliers/outliers-page.tsx'), 'OutliersPage'),
})
const compareRoute = createRoute({
  getParentRoute: () => analysisRoute,
  path: '/compare',
  validateSearch: compareSearch,
  pendingComponent: Skeleton,
  component: lazyRouteComponent(() => import('../../features/analysis/compare/compare-page.tsx'), 'ComparePage'),
})
const visitsRoute = createRoute({
  getParentRoute: () => analysisRoute,
  path: '/visits',
  validateSearch: visitsSearch,
  pendingComponent: Skeleton,
  component: lazyRouteComponent(() => import('../../features/analysis/visits/visits-page.tsx'), 'VisitsPage'),
})

export const analysisRoutes = analysisRoute.addChildren([
  timeRoute,
  flowRoute,
  lagRoute,
  approvalsRoute,
  pathsRoute,
  outliersRoute,
  compareRoute,
  visitsRoute,
])
