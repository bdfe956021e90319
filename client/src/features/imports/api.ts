import { importDetail, importList, importUndone, importView } from '@stagewatch/shared/contract/imports.ts'
import type { ImportView } from '@stagewatch/shared/contract/imports.ts'
import type { ImportOrder, UploadImport, UploadView } from '@stagewatch/shared/contract/uploads.ts'
import { uploadList, uploadView } from '@stagewatch/shared/contract/uploads.ts'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { ApiError, ignoredResponse, request } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'

/** The socket tells sooner; without it somebody sees that something goes on. */
const activeEveryMs = 3_000
const quietEveryMs = 15_000

/** Whether something happens to an import by itself. */
export function isActive({ state }: Pick<ImportView, 'state'>): boolean {
  return state === 'waiting' || state === 'running' || state === 'undoing'
}

/** Imports of the site, the newest first. */
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

/** Files that the person has sent and not imported yet. */
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

/** Its hash is made when all of it is there; its check is read by the server. */
function isChanging({ receivedBytes, bytes, hash, check }: UploadView): boolean {
  if (hash === undefined) return receivedBytes === bytes
  return check?.state === 'waiting' || check?.state === 'running'
}

const uploadPath = (id: string) => `/api/v1/uploads/${encodeURIComponent(id)}`

export function askUpload(site: string, id: string, signal: AbortSignal): Promise<UploadView> {
  return request({ path: uploadPath(id), response: uploadView, site, signal })
}

/** A file that is about to be sent. */
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

/** Begins a dry run, and ends the one before it. */
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

/** As many requests as an import with the most rows takes. */
const maxUndoRequests = 100_000

/** Takes back all events of an import, some thousand with each request; whoever asks again goes on. */
export function useUndoImport(id: number) {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (reason: string) => {
      for (let requests = 0; requests < maxUndoRequests; requests++) {
        const { import: undone, isDone } = await request({
          path: `/api/v1/imports/${id}/undo`,
          method: 'POST',
          body: { reason },
          response: importUndone,
          site,
        })
        queries.setQueryData(importQuery(site, id).queryKey, (known) => known && { ...known, ...undone })
        if (isDone) return undone
      }
      throw new Error('the import has more events than can be undone')
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['imports', site] }),
  })
}

/** Where the rejected rows of an import are as a file. */
export function rejectedRowsPath(site: string, id: number): string {
  return `/api/v1/imports/${id}/rejected.csv?site=${encodeURIComponent(site)}`
}

/** Whether a file is asked for of a server instance that does not have it. */
export function isElsewhere(error: Error | null): boolean {
  return error instanceof ApiError && error.details.some(({ reason }) => reason === 'elsewhere')
}
