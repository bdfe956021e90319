import { savedViewList, type SavedViewRequest } from '@stagewatch/shared/contract/saved-views.ts'
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

/** @param id undefined: it is a new one */
interface Change {
  readonly id?: string | undefined
  /** Undefined: it is deleted. */
  readonly view?: SavedViewRequest
}

/** Every answer is the list as it is then. */
export function useChangeViews() {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id, view }: Change) => {
      const common = { response: savedViewList, site }
      if (id === undefined) return request({ ...common, path, method: 'POST', body: view })
      const ofView = `${path}/${encodeURIComponent(id)}`
      return view === undefined
        ? request({ ...common, path: ofView, method: 'DELETE' })
        : request({ ...common, path: ofView, method: 'PUT', body: view })
    },
    onSuccess: (list) => queries.setQueryData(savedViewsQuery(site).queryKey, list),
  })
}
