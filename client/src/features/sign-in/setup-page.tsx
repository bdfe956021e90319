import { TextInput } from '@mantine/core'
import { setupRequest } from '@stagewatch/shared/contract/me.ts'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { signInOptionsQuery } from '../../api/session.ts'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { Form } from '../../components/form/form.tsx'
import { PasswordField } from '../../components/form/password-field.tsx'
import { useSchemaForm } from '../../components/form/use-schema-form.ts'
import { AuthLayout } from '../../components/layout/auth-layout.tsx'
import note from '../../components/note.module.css'
import { OnlineButton } from '../../components/online-button.tsx'
import { useText } from '../../locales/use-text.ts'
import { setUp } from './api.ts'
import { linkToken } from './link-address.ts'

/** Creates the first administrator, opened by the link that the server prints at startup. */
export function SetupPage() {
  const { t } = useText()
  const isDone = useQuery(signInOptionsQuery).data?.needsSetup === false
  const token = linkToken(location.hash)
  return (
    <AuthLayout title={t('setup.title')} {...(!isDone && { text: t('setup.text') })}>
      {isDone && (
        <p className={note['note']}>
          {t('setup.done')} <Link to="/sign-in">{t('signIn.title')}</Link>
        </p>
      )}
      {!isDone && token === undefined && <p className={note['note']}>{t('setup.noToken')}</p>}
      {!isDone && token !== undefined && <FirstAdministratorForm token={token} />}
    </AuthLayout>
  )
}

function FirstAdministratorForm({ token }: { readonly token: string }) {
  const { t } = useText()
  const { field, submit } = useSchemaForm(setupRequest, { token, name: '', email: '', password: '' })
  const create = useMutation({ mutationFn: setUp, onSuccess: () => location.assign('/people') })
  return (
    <Form onSubmit={submit((values) => create.mutate(values))}>
      <TextInput {...field('name')} label={t('desk.name')} autoComplete="name" required />
      <TextInput {...field('email')} type="email" label={t('desk.email')} autoComplete="username" required />
      <PasswordField {...field('password')} isNew />
      <ErrorAlert error={create.error} />
      <OnlineButton type="submit" loading={create.isPending} fullWidth>
        {t('setup.submit')}
      </OnlineButton>
    </Form>
  )
}
