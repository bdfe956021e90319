import {
  processTemplateList,
  templateDraftAnswer,
  type TemplateDraftRequest,
} from '@stagewatch/shared/contract/process-templates.ts'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { processesQuery } from '../../../api/site-queries.ts'
import { request } from '../../../api/request.ts'
import { useMe } from '../../../api/session.ts'
import { calendarsQuery, draftQuery } from '../api.ts'

const path = '/api/v1/admin/process-templates'

/** Templates are part of the product, so they do not change while a page is open. */
export const templatesQuery = (site: string) =>
  queryOptions({
    queryKey: ['processTemplates', site],
    queryFn: ({ signal }) => request({ path, response: processTemplateList, site, signal }),
    staleTime: Infinity,
  })

interface TemplateUse {
  /** Code of the template. */
  readonly template: string
  /** Version of the overwritten draft. Undefined: there is none. */
  readonly version: string | undefined
  readonly body: Partial<TemplateDraftRequest>
}

/** @returns a mutation that makes a template the draft of a process. */
export function useTemplate() {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ template, version, body }: TemplateUse) =>
      request({
        path: `${path}/${encodeURIComponent(template)}/draft`,
        method: 'POST',
        body,
        response: templateDraftAnswer,
        site,
        ...(version !== undefined && { version }),
      }),
    onSuccess: ({ draft }) => {
      queries.setQueryData(draftQuery(site, draft.definition.code).queryKey, { draft })
      return Promise.all(
        [processesQuery(site), calendarsQuery(site)].map(({ queryKey }) => queries.invalidateQueries({ queryKey })),
      )
    },
  })
}
