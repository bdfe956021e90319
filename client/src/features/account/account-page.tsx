import { password } from '@stagewatch/shared/contract/me.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { z } from 'zod'
import { useDepartmentNames } from '../../api/department-names.ts'
import { useMe } from '../../api/session.ts'
import card from '../../components/card.module.css'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { Form } from '../../components/form/form.tsx'
import { PasswordField } from '../../components/form/password-field.tsx'
import { useSchemaForm } from '../../components/form/use-schema-form.ts'
import layout from '../../components/layout/layout.module.css'
import { Page } from '../../components/layout/page.tsx'
import { notifyDone } from '../../components/notify.ts'
import { OnlineButton } from '../../components/online-button.tsx'
import { useText } from '../../locales/use-text.ts'
import { changePassword } from './api.ts'
import { Profile } from './profile.tsx'
import { Sessions } from './sessions.tsx'
import { TwoFactor } from './two-factor.tsx'

const passwordForm = z.object({ current: z.string().min(1), password })

export function AccountPage() {
  const { t, nameOf } = useText()
  const { name, names, email, role, departments, twoFactor } = useMe()
  const { namesOf } = useDepartmentNames()
  return (
    <Page title={t('account.title')}>
      <div className={clsx(layout['columns'], layout['two'])}>
        <div className={layout['stack']}>
          <section className={card['card']}>
            <h2 className={card['title']}>{names === undefined ? name : nameOf(names)}</h2>
            <dl className={layout['pairs']}>
              <dt>{t('desk.email')}</dt>
              <dd className={layout['break']}>{email}</dd>
              <dt>{t('role.label')}</dt>
              <dd>{role === undefined ? '—' : t(`role.${role}`)}</dd>
              <dt>{t('departments.label')}</dt>
              <dd>{departments === undefined ? t('departments.all') : namesOf(departments)}</dd>
            </dl>
          </section>
          <section className={card['card']}>
            <h2 className={card['title']}>{t('profile.title')}</h2>
            <Profile />
          </section>
          <section className={card['card']}>
            <h2 className={card['title']}>{t('account.password')}</h2>
            <PasswordForm />
          </section>
        </div>
        <div className={layout['stack']}>
          <section className={card['card']}>
            <h2 className={card['title']}>{t('twoFactor.title')}</h2>
            <TwoFactor isOn={twoFactor === true} />
          </section>
          <section className={card['card']}>
            <h2 className={card['title']}>{t('account.sessions')}</h2>
            <Sessions />
          </section>
        </div>
      </div>
    </Page>
  )
}

function PasswordForm() {
  const { t } = useText()
  const queries = useQueryClient()
  const { form, field, submit } = useSchemaForm(passwordForm, { current: '', password: '' })
  const change = useMutation({
    mutationFn: (values: z.output<typeof passwordForm>) => changePassword(values.current, values.password),
    onSuccess: async () => {
      form.reset()
      notifyDone(t('account.passwordChanged'))
      await queries.invalidateQueries({ queryKey: ['sessions'] })
    },
  })
  return (
    <Form onSubmit={submit((values) => change.mutate(values))}>
      <PasswordField {...field('current')} label={t('account.currentPassword')} />
      <PasswordField {...field('password')} label={t('desk.newPassword')} isNew />
      <ErrorAlert error={change.error} />
      <OnlineButton type="submit" variant="default" loading={change.isPending}>
        {t('account.changePassword')}
      </OnlineButton>
    </Form>
  )
}
