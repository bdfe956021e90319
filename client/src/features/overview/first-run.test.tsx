import type { Me } from '@stagewatch/shared/contract/me.ts'
import { roles } from '@stagewatch/shared/domain/access/action.ts'
import { cleanup, screen, waitFor } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { MeContext } from '../../api/session.ts'
import { renderDesk } from '../../components/testing/render-desk.tsx'
import { FirstRun } from './first-run.tsx'

const administrator: Me = {
  kind: 'person',
  name: 'Ada',
  site: 'main',
  actions: ['keys.manage'],
  privacy: { customers: 'shown', amounts: 'shown', people: 'shown' },
  sites: [],
}

/** Renders the page on an installation whose sample can be entered in these roles. */
async function renderOn(sampleRoles: readonly string[]) {
  const fetched = vi.fn<(path: string) => Promise<Response>>(() =>
    Promise.resolve(Response.json({ needsSetup: false, mail: false, sampleRoles })),
  )
  vi.stubGlobal('fetch', fetched)
  await renderDesk(
    <MeContext value={administrator}>
      <FirstRun />
    </MeContext>,
  )
  await waitFor(() => expect(fetched).toHaveBeenCalled())
}

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

describe('a site without orders', () => {
  it('leads to the sample where there is one', async () => {
    await renderOn(roles)
    expect((await screen.findByText('Look around first')).isConnected).toBe(true)
  })

  it('does not promise a sample where there is none', async () => {
    await renderOn([])
    // The answer is rendered after the response was read.
    await new Promise((resolve) => setImmediate(resolve))
    expect(screen.getByText('Connect a system').isConnected).toBe(true)
    expect(screen.queryByText('Look around first')).toBeNull()
  })
})
