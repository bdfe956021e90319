import {
  importDetail,
  importList,
  importUndone,
  importView,
  type ImportView,
} from '@stagewatch/shared/contract/imports.ts'
import {
  type ImportOrder,
  type UploadImport,
  type UploadView,
  uploadList,
  uploadView,
} from '@stagewatch/shared/contract/uploads.ts'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { z } from 'zod'
import { ApiError, ignoredResponse, request } from '../../api/request.ts'
import { textParam } from '../../api/search-params.ts'
import { useMe } from '../../api/session.ts'

/** Filter of the imports in the URL. Undefined: all. */
export const importsSearch = z.object({
  state: z.enum(['active', 'finished', 'undone']).optional().catch(undefined),
  q: textParam,
})
export type ImportsSearch = z.infer<typeof importsSearch>

/** A new import in the URL: its file and the current step. */
export const newImportSearch = z.object({
  upload: textParam,
  step: z.enum(['map', 'check']).optional().catch(undefined),
})

/** Refetch interval of active imports. The socket is faster; this shows progress without it. */
const activeEveryMs = 3_000
const quietEveryMs = 15_000

/** Whether the import changes without a user action. */
export function isActive({ state }: Pick<ImportView, 'state'>): boolean {
  return state === 'waiting' || state === 'running' || state === 'undoing'
}

/** Imports of the site, newest first. */
export const importsQuery = (site: string) =>
  queryOptions({
    queryKey: ['imports', site, 'list'],
    queryFn: ({ signal }) => request({ path: '/api/v1/imports', response: importList, site, signal }),
    refetchInterval: ({ state }) => (state.data?.imports.some(isActive) === true ? activeEveryMs : quietEveryMs),
  })

export const importQuery = (site: string, id: number) =>
  queryOptions({
    queryKey: ['imports', site, 'import', id],
    queryFn: ({ signal }) => request({ path: `/api/v1/imports/${id}`, response: importDetail, site, signal }),
    refetchInterval: ({ state }) => (state.data === undefined || isActive(state.data) ? activeEveryMs : quietEveryMs),
  })

/** Files that the user has uploaded but not imported yet. */
export const uploadsQuery = (site: string) =>
  queryOptions({
    queryKey: ['imports', site, 'uploads'],
    queryFn: ({ signal }) => request({ path: '/api/v1/uploads', response: uploadList, site, signal }),
  })

export const uploadQuery = (site: string, id: string) =>
  queryOptions({
    queryKey: ['imports', site, 'upload', id],
    queryFn: ({ signal }) => askUpload(site, id, signal),
    refetchInterval: ({ state }) => (state.data !== undefined && isChanging(state.data) ? activeEveryMs : false),
  })

/** Whether the server is still working: it hashes a complete file, and then runs the check. */
function isChanging({ receivedBytes, bytes, hash, check }: UploadView): boolean {
  if (hash === undefined) return receivedBytes === bytes
  return check?.state === 'waiting' || check?.state === 'running'
}

const uploadPath = (id: string) => `/api/v1/uploads/${encodeURIComponent(id)}`

export function askUpload(site: string, id: string, signal: AbortSignal): Promise<UploadView> {
  return request({ path: uploadPath(id), response: uploadView, site, signal })
}

/** Registers a file before it is uploaded. */
export function useBeginUpload() {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ name, size }: Pick<File, 'name' | 'size'>) =>
      request({
        path: '/api/v1/uploads',
        method: 'POST',
        body: { file: name, bytes: size },
        response: uploadView,
        site,
      }),
    onSuccess: (upload) => {
      queries.setQueryData(uploadQuery(site, upload.id).queryKey, upload)
      return queries.invalidateQueries({ queryKey: uploadsQuery(site).queryKey })
    },
  })
}

export function useDeleteUpload() {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => request({ path: uploadPath(id), method: 'DELETE', response: ignoredResponse, site }),
    onSettled: () => queries.invalidateQueries({ queryKey: uploadsQuery(site).queryKey }),
  })
}

/** Starts a dry run and stops the previous one. */
export function useCheckUpload(id: string) {
  const { site } = useMe()
  const queries = useQueryClient()
  const { queryKey } = uploadQuery(site, id)
  return useMutation({
    mutationFn: (body: ImportOrder) =>
      request({ path: `${uploadPath(id)}/check`, method: 'POST', body, response: uploadView, site }),
    onMutate: () => queries.cancelQueries({ queryKey }),
    onSuccess: (upload) => queries.setQueryData(queryKey, upload),
  })
}

export function useStopCheck(id: string) {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () =>
      request({ path: `${uploadPath(id)}/check/stop`, method: 'POST', body: {}, response: uploadView, site }),
    onSuccess: (upload) => queries.setQueryData(uploadQuery(site, id).queryKey, upload),
  })
}

export function useImportUpload(id: string) {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: UploadImport) =>
      request({ path: `${uploadPath(id)}/import`, method: 'POST', body, response: importView, site }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['imports', site] }),
  })
}

export function useStopImport(id: number) {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () =>
      request({ path: `/api/v1/imports/${id}/stop`, method: 'POST', body: {}, response: importView, site }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['imports', site] }),
  })
}

/** Enough requests to undo the largest import. */
const maxUndoRequests = 100_000

/** Undoes all events of an import, several thousand per request. Calling it again continues. */
/** @returns the number of archived orders that were brought back for it. */
export function useUndoImport(id: number) {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (reason: string) => {
      let restored = 0
      for (let requests = 0; requests < maxUndoRequests; requests++) {
        const {
          import: undone,
          isDone,
          restoredOrders,
        } = await request({
          path: `/api/v1/imports/${id}/undo`,
          method: 'POST',
          body: { reason },
          response: importUndone,
          site,
        })
        queries.setQueryData(importQuery(site, id).queryKey, (known) => known && { ...known, ...undone })
        restored += restoredOrders
        if (isDone) return restored
      }
      throw new Error('the import has more events than can be undone')
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['imports', site] }),
  })
}

/** URL of the file with the rejected rows of an import. */
export function rejectedRowsPath(site: string, id: number): string {
  return `/api/v1/imports/${id}/rejected.csv?site=${encodeURIComponent(site)}`
}

/** Whether the file is on a different server instance. */
export function isElsewhere(error: Error | null): boolean {
  return error instanceof ApiError && error.details.some(({ reason }) => reason === 'elsewhere')
}
