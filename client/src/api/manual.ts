import { liveness } from '@stagewatch/shared/contract/versions.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { queryOptions } from '@tanstack/react-query'
import { request } from './request.ts'

/** Whether the server has the user guide: a package has it, a clone only after `pnpm docs:manual`. */
export const hasManualQuery = queryOptions({
  queryKey: ['manual'],
  queryFn: async ({ signal }) => {
    const { manual } = await request({ path: '/healthz', response: liveness, signal })
    return manual === true
  },
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
})

/** Start of the user guide; in English if it is not translated into the language. */
export function manualPath(language: Language): string {
  return language === 'zh' ? '/manual/zh/' : '/manual/'
}
