import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { PeopleList } from '@stagewatch/shared/contract/people.ts'
import { useText } from '../../text/use-text.ts'
import { removePerson } from '../api/remove-person.ts'
import { useAgo } from '../format/use-ago.ts'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useMe } from '../shell/me-context.ts'

interface PersonRowProps {
  readonly person: PeopleList['people'][number]
  readonly asOf: number
  readonly onEdit: () => void
}

export function PersonRow({ person, asOf, onEdit }: PersonRowProps) {
  const { t } = useText()
  const ago = useAgo()
  const { site, email: ownEmail, actions } = useMe()
  const queries = useQueryClient()
  const { id, name, email, role, departments, twoFactor, lastSeenAt } = person
  const remove = useMutation({
    mutationFn: () => removePerson(site, id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['people', site] }),
  })
  return (
    <tr>
      <td>
        <strong>{name}</strong> {email === ownEmail && <span className="badge">{t('desk.people.you')}</span>}
        <div className="meta break">{email}</div>
        <ProblemNote error={remove.error} />
      </td>
      <td data-label={t('desk.role.label')}>{t(`desk.role.${role}`)}</td>
      <td data-label={t('desk.departments.label')}>
        {departments?.join(t('desk.listComma')) ?? <span className="quiet">{t('desk.departments.all')}</span>}
      </td>
      <td data-label={t('desk.twoFactor.title')}>
        {twoFactor ? t('desk.yes') : <span className="quiet">{t('desk.no')}</span>}
      </td>
      <td data-label={t('desk.people.lastSeen')}>{lastSeenAt === undefined ? '—' : ago(lastSeenAt, asOf)}</td>
      {actions.includes('people.manage') && (
        <td className="table__actions">
          <Button variant="default" aria-label={`${t('desk.edit')}: ${name}`} onClick={onEdit}>
            {t('desk.edit')}
          </Button>
          <ConfirmButton
            label={t('desk.people.remove')}
            about={name}
            question={t('desk.people.removeQuestion', { name })}
            busy={remove.isPending}
            onConfirm={() => remove.mutate()}
          />
        </td>
      )}
    </tr>
  )
}
