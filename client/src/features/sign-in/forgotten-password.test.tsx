import type { SignInOptions } from '@stagewatch/shared/contract/me.ts'
import { createMemoryHistory, createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { cleanup, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { renderDesk } from '../../components/testing/render-desk.tsx'
import { ForgotPage } from './password-reset-pages.tsx'
import { SignInPage } from './sign-in-page.tsx'

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

/** The pages of somebody who is not signed in, on a server that sends mails or sends none. */
async function openPage(path: '/sign-in' | '/forgot', mail: boolean): Promise<void> {
  const options: SignInOptions = { needsSetup: false, mail, sampleRoles: [] }
  const signedOut = { code: 'unauthorized', message: 'sign in', requestId: '1' }
  vi.stubGlobal('fetch', (asked: string) =>
    Promise.resolve(asked === '/api/v1/sign-in' ? Response.json(options) : Response.json(signedOut, { status: 401 })),
  )
  const root = createRootRoute()
  const pages = [
    createRoute({ getParentRoute: () => root, path: '/sign-in', component: SignInPage }),
    createRoute({ getParentRoute: () => root, path: '/forgot', component: ForgotPage }),
  ]
  const history = createMemoryHistory({ initialEntries: [path] })
  const router = createRouter({ routeTree: root.addChildren(pages), history })
  await router.load()
  await renderDesk(<RouterProvider router={router as never} />)
}

it.each(['/sign-in', '/forgot'] as const)('without mail, %s says who has a link for a new password', async (path) => {
  await openPage(path, false)
  expect((await screen.findByText(/Ask your administrator for a reset link/)).textContent).toMatch(
    /user reset-link --email/,
  )
  expect(screen.queryByRole('link', { name: 'Forgot your password?' })).toBeNull()
  expect(screen.queryByRole('button', { name: 'Send link' })).toBeNull()
})

it('with mail, the page for signing in leads to the page that sends a link', async () => {
  await openPage('/sign-in', true)
  const link = await screen.findByRole('link', { name: 'Forgot your password?' })
  expect(link.getAttribute('href')).toBe('/forgot')
  cleanup()
  await openPage('/forgot', true)
  expect((await screen.findByRole('button', { name: 'Send link' })).isConnected).toBe(true)
  expect(screen.queryByText(/Ask your administrator/)).toBeNull()
})
