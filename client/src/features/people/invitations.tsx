import { TextInput } from '@mantine/core'
import { invitationRequest, type PeopleList } from '@stagewatch/shared/contract/people.ts'
import type { z } from 'zod'
import { useDepartmentNames } from '../../api/department-names.ts'
import { useMe } from '../../api/session.ts'
import card from '../../components/card.module.css'
import { ConfirmButton } from '../../components/confirm-button.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { DepartmentsField } from '../../components/form/departments-field.tsx'
import { Form } from '../../components/form/form.tsx'
import { RoleField } from '../../components/form/role-field.tsx'
import { useSchemaForm } from '../../components/form/use-schema-form.ts'
import layout from '../../components/layout/layout.module.css'
import { OneTimeSecret } from '../../components/one-time-secret.tsx'
import { OnlineButton } from '../../components/online-button.tsx'
import { instantText } from '../../format/instant-text.ts'
import { useText } from '../../locales/use-text.ts'
import { useInvite, useWithdrawInvitation } from './api.ts'
import { useTranslated } from '../../api/translations.ts'

interface InvitationListProps {
  readonly invitations: PeopleList['invitations']
  /** Epoch ms. */
  readonly asOf: number
}

/** Invitations that have not been accepted yet. */
export function InvitationList({ invitations, asOf }: InvitationListProps) {
  const { t, language } = useText()
  const translated = useTranslated()
  const { namesOf } = useDepartmentNames()
  const { actions } = useMe()
  const withdraw = useWithdrawInvitation()
  if (invitations.length === 0) return null
  return (
    <section className={card['card']}>
      <h2 className={card['title']}>
        {t('invite.open')} <span className={card['titleNote']}>{invitations.length}</span>
      </h2>
      <ul>
        {invitations.map(({ id, email, role, departments, invitedBy, expiresAt }) => (
          <li key={id} className={layout['listRow']}>
            <div>
              <strong className={layout['break']}>{email}</strong>
              <p className={layout['meta']}>
                {[t(`role.${role}`), departments === undefined ? t('departments.all') : namesOf(departments)].join(
                  ' · ',
                )}
              </p>
              <p className={layout['meta']}>
                {t('invite.by', { name: translated(invitedBy), time: instantText(expiresAt, asOf, language) })}
              </p>
            </div>
            {actions.includes('people.manage') && (
              <ConfirmButton
                label={t('invite.withdraw')}
                about={email}
                question={t('invite.withdrawQuestion')}
                busy={withdraw.isPending}
                onConfirm={() => withdraw.mutate(id)}
              />
            )}
          </li>
        ))}
      </ul>
      <ErrorAlert error={withdraw.error} />
    </section>
  )
}

export function InviteForm({ departments }: { readonly departments: readonly string[] }) {
  const { t } = useText()
  const initialValues: z.input<typeof invitationRequest> = { email: '', role: 'viewer' }
  const { form, field, submit } = useSchemaForm(invitationRequest, initialValues)
  const send = useInvite()
  if (send.data !== undefined) {
    const { link, mailed, invitation } = send.data
    return (
      <OneTimeSecret
        title={t('invite.done', { email: invitation.email })}
        text={t(mailed ? 'invite.mailed' : 'invite.notMailed')}
        secret={link}
        onDone={() => {
          form.reset()
          send.reset()
        }}
      />
    )
  }
  return (
    <section className={card['card']}>
      <h2 className={card['title']}>{t('invite.title')}</h2>
      <Form onSubmit={submit((values) => send.mutate(values))}>
        <TextInput {...field('email')} type="email" label={t('desk.email')} autoComplete="off" required />
        <RoleField value={form.values.role} onChange={(role) => form.setFieldValue('role', role)} />
        <DepartmentsField
          value={form.values.departments}
          suggestions={departments}
          error={form.errors['departments']}
          onChange={(chosen) => form.setFieldValue('departments', chosen)}
        />
        <ErrorAlert error={send.error} />
        <OnlineButton type="submit" loading={send.isPending}>
          {t('invite.submit')}
        </OnlineButton>
      </Form>
    </section>
  )
}
