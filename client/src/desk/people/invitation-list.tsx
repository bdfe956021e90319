import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { PeopleList } from '@stagewatch/shared/contract/people.ts'
import { useText } from '../../text/use-text.ts'
import { withdrawInvitation } from '../api/withdraw-invitation.ts'
import { instantText } from '../format/instant-text.ts'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useMe } from '../shell/me-context.ts'

interface InvitationListProps {
  readonly invitations: PeopleList['invitations']
  /** Epoch ms. */
  readonly asOf: number
}

/** Who was asked and has not come yet. */
export function InvitationList({ invitations, asOf }: InvitationListProps) {
  const { t, language } = useText()
  const { site, actions } = useMe()
  const queries = useQueryClient()
  const withdraw = useMutation({
    mutationFn: (id: string) => withdrawInvitation(site, id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['people', site] }),
  })
  if (invitations.length === 0) return null
  return (
    <section className="card">
      <h2 className="card__title">
        {t('desk.invite.open')} <span className="count">{invitations.length}</span>
      </h2>
      <ul className="rows">
        {invitations.map(({ id, email, role, departments, invitedBy, expiresAt }) => (
          <li key={id} className="rows__row">
            <div>
              <strong className="break">{email}</strong>
              <p className="meta">
                {[t(`desk.role.${role}`), departments?.join(t('desk.listComma')) ?? t('desk.departments.all')].join(
                  ' · ',
                )}
              </p>
              <p className="meta">
                {t('desk.invite.by', { name: invitedBy, time: instantText(expiresAt, asOf, language) })}
              </p>
            </div>
            {actions.includes('people.manage') && (
              <ConfirmButton
                label={t('desk.invite.withdraw')}
                about={email}
                question={t('desk.invite.withdrawQuestion')}
                busy={withdraw.isPending}
                onConfirm={() => withdraw.mutate(id)}
              />
            )}
          </li>
        ))}
      </ul>
      <ProblemNote error={withdraw.error} />
    </section>
  )
}
