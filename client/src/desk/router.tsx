import { createRootRoute, createRoute, createRouter, Navigate, retainSearchParams } from '@tanstack/react-router'
import { AccountPage } from './account/account-page.tsx'
import { ChangesPage } from './changes/changes-page.tsx'
import { JoinPage } from './join/join-page.tsx'
import { KeysPage } from './keys/keys-page.tsx'
import { PairPage } from './pair/pair-page.tsx'
import { PeoplePage } from './people/people-page.tsx'
import { PrivacyPage } from './privacy/privacy-page.tsx'
import { ForgotPage } from './reset/forgot-page.tsx'
import { ResetPage } from './reset/reset-page.tsx'
import { ScreensPage } from './screens/screens-page.tsx'
import { SetupPage } from './setup/setup-page.tsx'
import { DeskShell } from './shell/desk-shell.tsx'
import { SignInPage } from './sign-in/sign-in-page.tsx'

interface DeskSearch {
  /** Undefined: the one that the server takes for the person's. */
  readonly site?: string
}

const rootRoute = createRootRoute({
  validateSearch: ({ site }: Record<string, unknown>): DeskSearch => (typeof site === 'string' ? { site } : {}),
  search: { middlewares: [retainSearchParams(['site'])] },
  notFoundComponent: () => <Navigate to="/account" replace />,
})

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: ({ next, error }: Record<string, unknown>): { next?: string; error?: string } => ({
    ...(typeof next === 'string' && { next }),
    ...(typeof error === 'string' && { error }),
  }),
  component: () => <SignInPage {...signInRoute.useSearch()} />,
})
const setupRoute = createRoute({ getParentRoute: () => rootRoute, path: '/setup', component: SetupPage })
const joinRoute = createRoute({ getParentRoute: () => rootRoute, path: '/join', component: JoinPage })
const forgotRoute = createRoute({ getParentRoute: () => rootRoute, path: '/forgot', component: ForgotPage })
const resetRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reset',
  validateSearch: ({ token }: Record<string, unknown>): { token?: string } =>
    typeof token === 'string' ? { token } : {},
  component: () => <ResetPage token={resetRoute.useSearch().token} />,
})

const shellRoute = createRoute({ getParentRoute: () => rootRoute, id: 'shell', component: DeskShell })
const pairRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/pair',
  validateSearch: ({ code }: Record<string, unknown>): { code?: string } => (typeof code === 'string' ? { code } : {}),
  component: () => <PairPage askedCode={pairRoute.useSearch().code} />,
})
const accountRoute = createRoute({ getParentRoute: () => shellRoute, path: '/account', component: AccountPage })
const peopleRoute = createRoute({ getParentRoute: () => shellRoute, path: '/people', component: PeoplePage })
const keysRoute = createRoute({ getParentRoute: () => shellRoute, path: '/keys', component: KeysPage })
const changesRoute = createRoute({ getParentRoute: () => shellRoute, path: '/changes', component: ChangesPage })
const screensRoute = createRoute({ getParentRoute: () => shellRoute, path: '/screens', component: ScreensPage })
const privacyRoute = createRoute({ getParentRoute: () => shellRoute, path: '/privacy', component: PrivacyPage })

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    signInRoute,
    setupRoute,
    joinRoute,
    forgotRoute,
    resetRoute,
    shellRoute.addChildren([pairRoute, accountRoute, peopleRoute, keysRoute, changesRoute, screensRoute, privacyRoute]),
  ]),
  // Plain `key=value`, as the other pages and the links of the server write it.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const given = Object.entries(search).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`
  },
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
