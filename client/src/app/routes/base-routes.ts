import type { Action } from '@stagewatch/shared/domain/access/action.ts'
import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, retainSearchParams } from '@tanstack/react-router'
import { z } from 'zod'
import { textParam } from '../../api/search-params.ts'
import { meQuery } from '../../api/session.ts'
import { AppShell } from '../app-shell.tsx'
import { NotFoundPage } from '../error-page.tsx'

interface RouterContext {
  readonly queries: QueryClient
}

interface LoaderOptions {
  readonly context: RouterContext
  readonly deps: { readonly site?: string | undefined }
}

export const rootRoute = createRootRouteWithContext<RouterContext>()({
  // Undefined: the user's default site on the server.
  validateSearch: z.object({ site: textParam }),
  search: { middlewares: [retainSearchParams(['site'])] },
  notFoundComponent: NotFoundPage,
})

/** The pages that require a session. */
export const shellRoute = createRoute({ getParentRoute: () => rootRoute, id: 'shell', component: AppShell })

export function siteOf({ search: { site } }: { readonly search: { readonly site?: string | undefined } }) {
  return { site }
}

/** Loads the data of a page in parallel with its script, if the user may see it. */
export async function prefetch(
  { context: { queries }, deps: { site } }: LoaderOptions,
  needs: Action,
  load: (queries: QueryClient, site: string) => Promise<unknown>,
): Promise<void> {
  const me = await queries.query({ ...meQuery(site), staleTime: 'static' }).catch(() => undefined)
  if (me?.actions.includes(needs) === true) start(load(queries, me.site))
}

/** Starts loading without awaiting it, so that nothing delays the page; the page itself shows errors. */
export function start(loading: Promise<unknown>): void {
  loading.catch(() => undefined)
}
