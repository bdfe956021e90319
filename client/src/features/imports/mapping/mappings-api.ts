import { mappingList, savedMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import type { ImportMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { ignoredResponse, request } from '../../../api/request.ts'
import { useMe } from '../../../api/session.ts'

const path = '/api/v1/import-mappings'

/** Mappings that the site has saved, and the exports of other programs that are known. */
export const mappingsQuery = (site: string) =>
  queryOptions({
    queryKey: ['imports', site, 'mappings'],
    queryFn: ({ signal }) => request({ path, response: mappingList, site, signal }),
  })

interface SavedMapping {
  readonly name: string
  readonly mapping: ImportMapping
  /** Of the one that is replaced; undefined: there is none of the name. */
  readonly version: string | undefined
}

export function useSaveMapping() {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ name, mapping, version }: SavedMapping) =>
      request({
        path: `${path}/${encodeURIComponent(name)}`,
        method: 'PUT',
        body: mapping,
        ...(version !== undefined && { version }),
        response: savedMapping,
        site,
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: mappingsQuery(site).queryKey }),
  })
}

export function useDeleteMapping() {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (name: string) =>
      request({ path: `${path}/${encodeURIComponent(name)}`, method: 'DELETE', response: ignoredResponse, site }),
    onSettled: () => queries.invalidateQueries({ queryKey: mappingsQuery(site).queryKey }),
  })
}
