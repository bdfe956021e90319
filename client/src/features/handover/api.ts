import {
  currentShift,
  handoverDetail,
  handoverSettingsView,
  type HandoverSettings,
} from '@stagewatch/shared/contract/handover.ts'
import { teamList } from '@stagewatch/shared/contract/team.ts'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { handoversRefetchEveryMs } from '../../api/handovers.ts'
import { ignoredResponse, request } from '../../api/request.ts'
import { apiSearch } from '../../api/search-params.ts'
import { useMe } from '../../api/session.ts'

export const shiftQuery = (site: string, department: string) =>
  queryOptions({
    queryKey: ['handovers', site, 'shift', department],
    queryFn: ({ signal }) =>
      request({ path: `/api/v1/handover?${apiSearch({ department })}`, response: currentShift, site, signal }),
    refetchInterval: handoversRefetchEveryMs,
  })

export const handoverQuery = (site: string, id: number) =>
  queryOptions({
    queryKey: ['handovers', site, 'one', id],
    queryFn: ({ signal }) => request({ path: `/api/v1/handovers/${id}`, response: handoverDetail, site, signal }),
    refetchInterval: handoversRefetchEveryMs,
  })

const settingsPath = (department: string) => `/api/v1/handover-settings/${encodeURIComponent(department)}`

export const settingsQuery = (site: string, department: string) =>
  queryOptions({
    queryKey: ['handovers', site, 'settings', department],
    queryFn: ({ signal }) => request({ path: settingsPath(department), response: handoverSettingsView, site, signal }),
  })

/** People who can be chosen as leads in the settings. */
export const leadsQuery = (site: string) =>
  queryOptions({
    queryKey: ['team', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/team', response: teamList, site, signal }),
    staleTime: handoversRefetchEveryMs,
  })

/** After a conflict the settings are refetched, so that the editor shows both versions. */
export function useSaveSettings(department: string) {
  return useHandoverChange(
    ({ version, settings }: { readonly version: string; readonly settings: HandoverSettings }) => ({
      path: settingsPath(department),
      method: 'PUT' as const,
      body: settings,
      version,
    }),
  )
}

interface NewNote {
  readonly department: string
  readonly text: string
  /** Left out: the note goes with the handover at the end of the current shift. */
  readonly handover?: number
}

export function useAddNote() {
  return useHandoverChange((body: NewNote) => ({ path: '/api/v1/handover-notes', method: 'POST' as const, body }))
}

export function useDeleteNote() {
  return useHandoverChange((id: string) => ({
    path: `/api/v1/handover-notes/${encodeURIComponent(id)}`,
    method: 'DELETE' as const,
  }))
}

export function useConfirmHandover(id: number) {
  return useHandoverChange((body: { readonly remark?: string }) => ({
    path: `/api/v1/handovers/${id}/confirm`,
    method: 'POST' as const,
    body,
  }))
}

interface HandoverChange {
  readonly path: string
  readonly method: 'POST' | 'PUT' | 'DELETE'
  readonly body?: unknown
  readonly version?: string
}

/** Invalidates all handover queries after success and failure alike. */
function useHandoverChange<Value>(changeOf: (value: Value) => HandoverChange) {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (value: Value) => request({ ...changeOf(value), response: ignoredResponse, site }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['handovers', site] }),
  })
}
