import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { z } from 'zod'
import { processesQuery } from '../../api/site-queries.ts'
import { textParam } from '../../api/search-params.ts'
import {
  importQuery,
  importsQuery,
  uploadQuery,
  uploadsQuery,
  importsSearch,
  newImportSearch,
} from '../../features/imports/api.ts'
import { calendarsQuery, draftQuery, processSearch } from '../../features/processes/api.ts'
import { PendingPage } from '../pending-page.tsx'
import { prefetch, shellRoute, siteOf } from './base-routes.ts'

// The API modules of rarely opened pages are imported by their loaders, which keeps their schemas out of the shell.
const processesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/processes',
  loaderDeps: siteOf,
  loader: (options) => prefetch(options, 'rules.read', (queries, site) => queries.query(processesQuery(site))),
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/processes/processes-page.tsx'), 'ProcessesPage'),
})
const processRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/processes/$process',
  validateSearch: processSearch,
  loaderDeps: siteOf,
  loader: (options) =>
    prefetch(options, 'rules.change', (queries, site) => queries.query(draftQuery(site, options.params.process))),
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/processes/process-page.tsx'), 'ProcessPage'),
})
const calendarsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/calendars',
  loaderDeps: siteOf,
  loader: (options) => prefetch(options, 'rules.read', (queries, site) => queries.query(calendarsQuery(site))),
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/processes/calendars/calendars-page.tsx'), 'CalendarsPage'),
})
const sourcesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/sources',
  loaderDeps: siteOf,
  loader: (options) =>
    prefetch(options, 'site.manage', async (queries, site) => {
      const { causesQuery, sourcesQuery } = await import('../../features/sources/api.ts')
      return Promise.all([queries.query(sourcesQuery(site)), queries.query(causesQuery(site))])
    }),
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/sources/sources-page.tsx'), 'SourcesPage'),
})
const statusRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/status',
  loaderDeps: siteOf,
  loader: (options) =>
    prefetch(options, 'site.manage', async (queries, site) => {
      const { statusQuery } = await import('../../features/status/api.ts')
      return queries.query(statusQuery(site))
    }),
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/status/status-page.tsx'), 'StatusPage'),
})
const channelsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/channels',
  loaderDeps: siteOf,
  loader: (options) =>
    prefetch(options, 'site.manage', async (queries, site) => {
      const { channelsQuery } = await import('../../features/channels/api.ts')
      return queries.query(channelsQuery(site))
    }),
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/channels/channels-page.tsx'), 'ChannelsPage'),
})
const customerNewsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/customer-news',
  loaderDeps: siteOf,
  loader: (options) =>
    prefetch(options, 'rules.change', async (queries, site) => {
      const { customerNewsQuery } = await import('../../features/messages/api.ts')
      return Promise.all([queries.query(customerNewsQuery(site)), queries.query(processesQuery(site))])
    }),
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/messages/customer-news-page.tsx'), 'CustomerNewsPage'),
})
const messageTextsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/message-texts',
  loaderDeps: siteOf,
  loader: (options) =>
    prefetch(options, 'rules.change', async (queries, site) => {
      const { textsQuery } = await import('../../features/messages/api.ts')
      return queries.query(textsQuery(site))
    }),
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/messages/texts-page.tsx'), 'TextsPage'),
})
const importsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/imports',
  validateSearch: importsSearch,
  loaderDeps: siteOf,
  loader: (options) => prefetch(options, 'imports.manage', (queries, site) => queries.query(importsQuery(site))),
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/imports/imports-page.tsx'), 'ImportsPage'),
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
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/imports/new-import-page.tsx'), 'NewImportPage'),
})
const importRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/imports/$id',
  loaderDeps: siteOf,
  loader: (options) =>
    prefetch(options, 'imports.manage', (queries, site) => queries.query(importQuery(site, Number(options.params.id)))),
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/imports/import-page.tsx'), 'ImportPage'),
})
const configurationRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/configuration',
  pendingComponent: PendingPage,
  component: lazyRouteComponent(
    () => import('../../features/configuration/configuration-page.tsx'),
    'ConfigurationPage',
  ),
})
const screensRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/screens',
  loaderDeps: siteOf,
  loader: (options) =>
    prefetch(options, 'screens.read', async (queries, site) => {
      const { screensQuery } = await import('../../features/screens/api.ts')
      return queries.query(screensQuery(site))
    }),
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/screens/screens-page.tsx'), 'ScreensPage'),
})
const pairRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/pair',
  validateSearch: z.object({ code: textParam }),
  pendingComponent: PendingPage,
  component: lazyRouteComponent(() => import('../../features/screens/pair-page.tsx'), 'PairPage'),
})

export const siteRoutes = [
  processesRoute,
  processRoute,
  calendarsRoute,
  configurationRoute,
  sourcesRoute,
  statusRoute,
  channelsRoute,
  customerNewsRoute,
  messageTextsRoute,
  importsRoute,
  newImportRoute,
  importRoute,
  screensRoute,
  pairRoute,
] as const
