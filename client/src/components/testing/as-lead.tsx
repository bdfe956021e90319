import type { Me } from '@stagewatch/shared/contract/me.ts'
import { actionsOf } from '@stagewatch/shared/domain/access/action.ts'
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { MeContext } from '../../api/session.ts'

const lead: Me = {
  kind: 'person',
  name: 'Ada',
  site: 'east',
  role: 'lead',
  actions: [...actionsOf('lead', undefined)],
  privacy: { customers: 'shown', amounts: 'shown', people: 'shown' },
  sites: [],
}

/** A wrapper for hooks: Ada, a lead of the site `east`, is signed in. */
export function asLead(queries: QueryClient) {
  return ({ children }: { readonly children: ReactNode }) => (
    <QueryClientProvider client={queries}>
      <MeContext value={lead}>{children}</MeContext>
    </QueryClientProvider>
  )
}
