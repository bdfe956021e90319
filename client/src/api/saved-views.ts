import { savedViewList, type SavedViewList, type SavedViewRequest } from '@stagewatch/shared/contract/saved-views.ts'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { request } from './request.ts'
import { useMe } from './session.ts'

export type { SavedView, SavedViewRequest } from '@stagewatch/shared/contract/saved-views.ts'

const path = '/api/v1/views'

export const savedViewsQuery = (site: string) =>
  queryOptions({
    queryKey: ['views', site],
    queryFn: ({ signal }) => request({ path, response: savedViewList, site, signal }),
  })

/** Every response is the complete updated list. */
export function useSaveView() {
  const { site } = useMe()
  const show = useShowViews()
  return useMutation({
    mutationFn: (body: SavedViewRequest) => request({ path, method: 'POST', body, response: savedViewList, site }),
    onSuccess: show,
  })
}

export function useDeleteView() {
  const { site } = useMe()
  const show = useShowViews()
  return useMutation({
    mutationFn: (id: string) =>
      request({ path: `${path}/${encodeURIComponent(id)}`, method: 'DELETE', response: savedViewList, site }),
    onSuccess: show,
  })
}

function useShowViews() {
  const { site } = useMe()
  const queries = useQueryClient()
  return (list: SavedViewList): void => void queries.setQueryData(savedViewsQuery(site).queryKey, list)
}
