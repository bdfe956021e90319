import { membership, type Membership, type PeopleList } from '@stagewatch/shared/contract/people.ts'
import { useState } from 'react'
import { useMe } from '../../api/session.ts'
import { ConfirmButton } from '../../components/confirm-button.tsx'
import { EditConflict } from '../../components/diff/edit-conflict.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { FormButtons, Form } from '../../components/form/form.tsx'
import { DepartmentsField } from '../../components/form/departments-field.tsx'
import formStyles from '../../components/form/form.module.css'
import { RoleField } from '../../components/form/role-field.tsx'
import { useSchemaForm } from '../../components/form/use-schema-form.ts'
import layout from '../../components/layout/layout.module.css'
import { notifyDone } from '../../components/notify.ts'
import { OnlineButton } from '../../components/online-button.tsx'
import { useText } from '../../locales/use-text.ts'
import { useAccountAction, useSaveMembership, type AccountAction } from './api.ts'
import { useTranslated } from '../../api/translations.ts'

interface PersonEditorProps {
  readonly person: PeopleList['people'][number]
  readonly departments: readonly string[]
  /** Epoch ms. */
  readonly asOf: number
  readonly onDone: () => void
}

export function PersonEditor({ person, departments, asOf, onDone }: PersonEditorProps) {
  const { t } = useText()
  const translated = useTranslated()
  const [before, setBefore] = useState(() => membershipOf(person))
  const { form, submit } = useSchemaForm(membership, membershipOf(person))
  const save = useSaveMembership(person)
  const finish = () => {
    notifyDone(t('desk.saved'))
    onDone()
  }
  return (
    <div className={layout['stack']}>
      <Form onSubmit={submit((body) => save.mutate(body, { onSuccess: finish }))}>
        <div>
          <strong>{translated(person.name)}</strong> <span className={layout['meta']}>{person.email}</span>
        </div>
        {!save.isSuccess && (
          <EditConflict
            before={before}
            current={membershipOf(person)}
            yours={membershipOf(form.values)}
            now={asOf}
            onTakeTheirs={() => {
              save.reset()
              setBefore(membershipOf(person))
              form.setValues(membershipOf(person))
            }}
          />
        )}
        <div className={formStyles['fields']}>
          <RoleField value={form.values.role} onChange={(role) => form.setFieldValue('role', role)} />
          <DepartmentsField
            value={form.values.departments}
            suggestions={departments}
            error={form.errors['departments']}
            onChange={(chosen) => form.setFieldValue('departments', chosen)}
          />
        </div>
        <ErrorAlert error={save.error} />
        <FormButtons submit={t('desk.save')} isBusy={save.isPending} onCancel={onDone} />
      </Form>
      <AccountActions person={person} />
    </div>
  )
}

function membershipOf({ role, departments }: Membership): Membership {
  return { role, ...(departments && { departments }) }
}

interface AccountActionsProps {
  readonly person: PeopleList['people'][number]
}

/** Ends all sessions of a person, and disables or enables their account. */
function AccountActions({ person }: AccountActionsProps) {
  const { t } = useText()
  const { email } = useMe()
  const { id, name, disabledAt } = person
  const act = useAccountAction(id)
  const run = (action: AccountAction) => act.mutate(action, { onSuccess: () => notifyDone(t(accountDone[action])) })
  return (
    <div className={formStyles['group']}>
      <div className={layout['row']}>
        <ConfirmButton
          label={t('people.endSessions')}
          about={name}
          question={t('people.endSessionsQuestion', { name })}
          busy={act.isPending}
          onConfirm={() => run('end-sessions')}
        />
        {person.email !== email && disabledAt === undefined && (
          <ConfirmButton
            label={t('people.disable')}
            about={name}
            question={t('people.disableQuestion', { name })}
            busy={act.isPending}
            onConfirm={() => run('disable')}
          />
        )}
        {disabledAt !== undefined && (
          <OnlineButton variant="default" loading={act.isPending} onClick={() => run('enable')}>
            {t('people.enable')}
          </OnlineButton>
        )}
      </div>
      <ErrorAlert error={act.error} />
    </div>
  )
}

const accountDone = {
  'end-sessions': 'people.sessionsEnded',
  disable: 'people.disabledNow',
  enable: 'people.enabledNow',
} as const satisfies Record<AccountAction, string>
