import { liveness, versionsAnswer } from '@stagewatch/shared/contract/versions.ts'
import { compareVersions } from '@stagewatch/shared/domain/compare-versions.ts'
import { queryOptions } from '@tanstack/react-query'
import { request } from './request.ts'

/** The version of this page; empty in development and in tests of components. */
const pageVersion = String(import.meta.env['PRODUCT_VERSION'] ?? '')

const refetchEveryMs = 60_000
const timeoutMs = 4_000
let newest = pageVersion

/**
 * The newest version that has answered if it is newer than this page, otherwise null. During a rolling upgrade, older
 * and newer instances answer by turns.
 */
export const newerVersionQuery = (version = pageVersion) =>
  queryOptions({
    queryKey: ['newer-version', version],
    queryFn: async ({ signal }) => {
      const { version: answered } = await request({ path: '/healthz', response: liveness, signal, timeoutMs })
      if (newest === '' || compareVersions(answered, newest) > 0) newest = answered
      return compareVersions(newest, version) > 0 ? newest : null
    },
    refetchInterval: refetchEveryMs,
    retry: false,
  })

export const versionsQuery = (site: string) =>
  queryOptions({
    queryKey: ['versions', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/admin/versions', response: versionsAnswer, site, signal }),
    refetchInterval: refetchEveryMs,
    retry: false,
  })
