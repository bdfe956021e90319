import { TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Role } from '@stagewatch/shared/domain/access/role.ts'
import { useState } from 'react'
import { useText } from '../../text/use-text.ts'
import { invite } from '../api/invite.ts'
import { ActButton } from '../parts/act-button.tsx'
import { DepartmentsField } from '../parts/departments-field.tsx'
import { Form } from '../parts/form.tsx'
import { formText } from '../parts/form-text.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { RoleField } from '../parts/role-field.tsx'
import { SecretOnce } from '../parts/secret-once.tsx'
import { useMe } from '../shell/me-context.ts'

export function InviteForm({ departments }: { readonly departments: readonly string[] }) {
  const { t } = useText()
  const { site } = useMe()
  const queries = useQueryClient()
  const [role, setRole] = useState<Role>('viewer')
  const [chosen, setChosen] = useState<string[]>()
  const send = useMutation({
    mutationFn: (form: HTMLFormElement) =>
      invite(site, { email: formText(form, 'email').trim(), role, ...(chosen && { departments: chosen }) }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['people', site] }),
  })
  if (send.data !== undefined) {
    const { link, mailed, invitation } = send.data
    return (
      <SecretOnce
        title={t('desk.invite.done', { email: invitation.email })}
        text={t(mailed ? 'desk.invite.mailed' : 'desk.invite.notMailed')}
        secret={link}
        onDone={send.reset}
      />
    )
  }
  return (
    <section className="card">
      <h2 className="card__title">{t('desk.invite.title')}</h2>
      <Form onSubmit={(form) => send.mutate(form)}>
        <TextInput name="email" type="email" label={t('desk.email')} autoComplete="off" maxLength={200} required />
        <RoleField value={role} onChange={setRole} />
        <DepartmentsField value={chosen} onChange={setChosen} suggestions={departments} />
        <ProblemNote error={send.error} />
        <ActButton type="submit" loading={send.isPending} disabled={chosen?.length === 0}>
          {t('desk.invite.submit')}
        </ActButton>
      </Form>
    </section>
  )
}
