import { queryOptions } from '@tanstack/react-query'
import { pairingAsked } from '@stagewatch/shared/contract/pairing.ts'
import { askServer } from './ask-server.ts'

/** @param userCode eight letters. */
export const pairingQuery = (site: string, userCode: string) =>
  queryOptions({
    queryKey: ['pairing', site, userCode],
    queryFn: ({ signal }) =>
      askServer({
        path: `/api/v1/screens/pairing/${encodeURIComponent(userCode)}`,
        answer: pairingAsked,
        site,
        signal,
      }),
    // What is compared with the screen must not be what was asked earlier.
    gcTime: 0,
  })
