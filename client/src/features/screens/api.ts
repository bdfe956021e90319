import { pairingAsked } from '@stagewatch/shared/contract/pairing.ts'
import { screenList, type ScreenSettings, screen, type Screen } from '@stagewatch/shared/contract/screen.ts'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { ignoredResponse, request } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'

/** The interval at which screens report. */
const refetchEveryMs = 15_000

export const screensQuery = (site: string) =>
  queryOptions({
    queryKey: ['screens', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/screens', response: screenList, site, signal }),
    refetchInterval: refetchEveryMs,
  })

interface ScreenValues {
  readonly name: string
  readonly settings: ScreenSettings
}

/** After a conflict the list is fetched again, so that the editor shows both versions. */
export function useSaveScreen({ id, version }: Pick<Screen, 'id' | 'version'>) {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: ScreenValues) =>
      request({ path: screenPath(id), method: 'PUT', body, version, response: ignoredResponse, site }),
    onSuccess: () => queries.invalidateQueries({ queryKey: screensQuery(site).queryKey }),
    onError: () => queries.invalidateQueries({ queryKey: screensQuery(site).queryKey }),
  })
}

export function useRevokeScreen(id: string) {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => request({ path: screenPath(id), method: 'DELETE', response: ignoredResponse, site }),
    onSuccess: () => queries.invalidateQueries({ queryKey: screensQuery(site).queryKey }),
  })
}

/** Makes a screen show its name in large letters for a moment, or reload its page. */
export function useScreenCommand(id: string) {
  const { site } = useMe()
  return useMutation({
    mutationFn: (command: 'identify' | 'reload') =>
      request({ path: `${screenPath(id)}/${command}`, method: 'POST', response: ignoredResponse, site }),
  })
}

function screenPath(id: string): string {
  return `/api/v1/screens/${encodeURIComponent(id)}`
}

/** @param userCode eight letters. */
export const pairingQuery = (site: string, userCode: string) =>
  queryOptions({
    queryKey: ['pairing', site, userCode],
    queryFn: ({ signal }) => request({ path: pairingPath(userCode), response: pairingAsked, site, signal }),
    // The code must be compared with the current response, never with a cached one.
    gcTime: 0,
  })

export function useApprovePairing(userCode: string) {
  const { site } = useMe()
  return useMutation({
    mutationFn: (body: ScreenValues) =>
      request({ path: `${pairingPath(userCode)}/approve`, method: 'POST', body, response: screen, site }),
  })
}

export function useDenyPairing(userCode: string) {
  const { site } = useMe()
  return useMutation({
    mutationFn: () =>
      request({ path: `${pairingPath(userCode)}/deny`, method: 'POST', response: ignoredResponse, site }),
  })
}

function pairingPath(userCode: string): string {
  return `/api/v1/screens/pairing/${encodeURIComponent(userCode)}`
}

/** The address that shows a code, also on a device that may see the wall unpaired. */
export function pairingAddress(): string {
  return `${location.origin}/wall?pair`
}
