import {
  approvalActed,
  approvalDetail,
  approvalList,
  approverList,
  orderApprovals,
} from '@stagewatch/shared/contract/approvals.ts'
import type { ApprovalActionRequest, ApprovalSegment } from '@stagewatch/shared/contract/approvals.ts'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { request } from './request.ts'
import { apiSearch } from './search-params.ts'
import { useMe } from './session.ts'

/** Refetch interval while the page is visible. */
const refetchEveryMs = 10_000

export const approvalsQuery = (site: string, segment: ApprovalSegment) =>
  queryOptions({
    queryKey: ['approvals', site, 'list', segment],
    queryFn: ({ signal }) =>
      request({ path: `/api/v1/approvals?${apiSearch({ segment })}`, response: approvalList, site, signal }),
    refetchInterval: refetchEveryMs,
  })

export const approvalQuery = (site: string, id: number) =>
  queryOptions({
    queryKey: ['approvals', site, 'one', id],
    queryFn: ({ signal }) => request({ path: `/api/v1/approvals/${id}`, response: approvalDetail, site, signal }),
    refetchInterval: refetchEveryMs,
  })

/** The approvals of an order, newest first. */
export const orderApprovalsQuery = (site: string, order: string) =>
  queryOptions({
    queryKey: ['approvals', site, 'order', order],
    queryFn: ({ signal }) => {
      const path = `/api/v1/orders/${encodeURIComponent(order)}/approvals`
      return request({ path, response: orderApprovals, site, signal })
    },
    refetchInterval: refetchEveryMs,
  })

/** People who can be added as approvers. */
export const approversQuery = (site: string, id: number, q: string) =>
  queryOptions({
    queryKey: ['approvals', site, 'people', id, q],
    queryFn: ({ signal }) => {
      const path = `/api/v1/approvals/${id}/people?${apiSearch({ q })}`
      return request({ path, response: approverList, site, signal })
    },
  })

export function useActOnApproval(id: number) {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: ApprovalActionRequest) =>
      request({ path: `/api/v1/approvals/${id}/actions`, method: 'POST', body, response: approvalActed, site }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['approvals', site] }),
  })
}
