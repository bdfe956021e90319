import { mappingList, savedMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import type { ImportMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { ignoredResponse, request } from '../../../api/request.ts'
import { useMe } from '../../../api/session.ts'

const path = '/api/v1/import-mappings'

/** The site's saved mappings, and the known export formats of other programs. */
export const mappingsQuery = (site: string) =>
  queryOptions({
    queryKey: ['imports', site, 'mappings'],
    queryFn: ({ signal }) => request({ path, response: mappingList, site, signal }),
  })

interface SavedMapping {
  readonly name: string
  readonly mapping: ImportMapping
  /** Version of the replaced mapping. Undefined: none has this name. */
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
