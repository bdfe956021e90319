import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { z } from 'zod'
import { textParam } from '../../api/search-params.ts'
import { signInOptionsQuery } from '../../api/session.ts'
import { rootRoute, start } from './base-routes.ts'

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  // `next`: the page to continue with. `error`: why single sign-on returned without a session.
  validateSearch: z.object({ next: textParam, error: textParam }),
  loader: ({ context: { queries } }) => start(queries.query(signInOptionsQuery)),
  component: lazyRouteComponent(() => import('../../features/sign-in/sign-in-page.tsx'), 'SignInPage'),
})
const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  loader: ({ context: { queries } }) => start(queries.query(signInOptionsQuery)),
  component: lazyRouteComponent(() => import('../../features/sign-in/setup-page.tsx'), 'SetupPage'),
})
const joinRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/join',
  component: lazyRouteComponent(() => import('../../features/sign-in/join-page.tsx'), 'JoinPage'),
})
const forgotRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/forgot',
  loader: ({ context: { queries } }) => start(queries.query(signInOptionsQuery)),
  component: lazyRouteComponent(() => import('../../features/sign-in/password-reset-pages.tsx'), 'ForgotPage'),
})
const resetRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reset',
  validateSearch: z.object({ token: textParam }),
  component: lazyRouteComponent(() => import('../../features/sign-in/password-reset-pages.tsx'), 'ResetPage'),
})

export const signInRoutes = [signInRoute, setupRoute, joinRoute, forgotRoute, resetRoute] as const
