import { peopleList } from '@stagewatch/shared/contract/people.ts'
import type { Approver } from '@stagewatch/shared/domain/approvals/approval-flow.ts'
import { useQuery } from '@tanstack/react-query'
import { request } from '../../../api/request.ts'
import { useMe } from '../../../api/session.ts'
import { useText } from '../../../locales/use-text.ts'
import { useProcess } from '../process-context.ts'
import { useTranslated } from '../../../api/translations.ts'

export interface ApproverChoice {
  readonly value: string
  readonly label: string
  readonly approver: Approver
  /** False for people who cannot sign in: they are shown where already chosen, but cannot be chosen. */
  readonly isOffered: boolean
}

/** The people of the site, and the leads of its departments. */
export function useApproverChoices(): readonly ApproverChoice[] {
  const { t } = useText()
  const { site, actions } = useMe()
  const { departments, nameOfDepartment } = useProcess()
  const query = useQuery({
    queryKey: ['approver-choices', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/people', response: peopleList, site, signal }),
    enabled: actions.includes('people.read'),
  })
  const translated = useTranslated(query.data?.translations)
  const people = (query.data?.people ?? []).map(({ id, name, disabledAt }): ApproverChoice => {
    const approver = { kind: 'person', id } as const
    return { value: valueOf(approver), label: translated(name), approver, isOffered: disabledAt === undefined }
  })
  const leads = departments.map((department): ApproverChoice => {
    const approver = { kind: 'lead', department } as const
    const label = t('approvals.leadOf', { department: nameOfDepartment(department) })
    return { value: valueOf(approver), label, approver, isOffered: true }
  })
  return [...people, ...leads]
}

export function valueOf(approver: Approver): string {
  return approver.kind === 'person' ? `person:${approver.id}` : `lead:${approver.department}`
}
