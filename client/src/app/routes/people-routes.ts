import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { departmentsQuery } from '../../api/department-names.ts'
import { sessionsQuery } from '../../features/account/api.ts'
import { changesQuery } from '../../features/changes/api.ts'
import { keysQuery } from '../../features/keys/api.ts'
import { peopleQuery } from '../../features/people/api.ts'
import { privacyQuery } from '../../features/privacy/api.ts'
import { archivesQuery, retentionQuery } from '../../features/privacy/retention-api.ts'
import { PendingPage } from '../pending-page.tsx'
import { prefetch, shellRoute, siteOf, start } from './base-routes.ts'

const accountRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/account',
  loader: ({ context: { queries } }) => start(queries.query(sessionsQuery)),
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/account/account-page.tsx'), 'AccountPage'),
})
const peopleRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/people',
  loaderDeps: siteOf,
  loader: (options) => prefetch(options, 'people.read', (queries, site) => queries.query(peopleQuery(site))),
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/people/people-page.tsx'), 'PeoplePage'),
})
const teamRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/team',
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/team/team-page.tsx'), 'TeamPage'),
})
const departmentsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/departments',
  loaderDeps: siteOf,
  loader: (options) => prefetch(options, 'team.read', (queries, site) => queries.query(departmentsQuery(site))),
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/team/departments-page.tsx'), 'DepartmentsPage'),
})
const keysRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/keys',
  loaderDeps: siteOf,
  loader: (options) => prefetch(options, 'keys.manage', (queries, site) => queries.query(keysQuery(site))),
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/keys/keys-page.tsx'), 'KeysPage'),
})
const changesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/changes',
  loaderDeps: siteOf,
  loader: (options) => prefetch(options, 'changes.read', (queries, site) => queries.infiniteQuery(changesQuery(site))),
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/changes/changes-page.tsx'), 'ChangesPage'),
})
const privacyRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/privacy',
  loaderDeps: siteOf,
  loader: (options) =>
    prefetch(options, 'site.manage', (queries, site) =>
      Promise.all([
        queries.query(privacyQuery(site)),
        queries.query(retentionQuery(site)),
        queries.query(archivesQuery(site)),
      ]),
    ),
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/privacy/privacy-page.tsx'), 'PrivacyPage'),
})

export const peopleRoutes = [
  accountRoute,
  peopleRoute,
  teamRoute,
  departmentsRoute,
  keysRoute,
  changesRoute,
  privacyRoute,
] as const
