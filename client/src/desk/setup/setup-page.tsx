import { TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useText } from '../../text/use-text.ts'
import { setUp } from '../api/set-up.ts'
import { signInOptionsQuery } from '../api/sign-in-options.ts'
import { ActButton } from '../parts/act-button.tsx'
import { Form } from '../parts/form.tsx'
import { formText } from '../parts/form-text.ts'
import { fragmentToken } from '../parts/fragment-token.ts'
import { NewPassword } from '../parts/new-password.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Gate } from '../shell/gate.tsx'

/** The first administrator, by the link that the server printed when it was started. */
export function SetupPage() {
  const { t } = useText()
  const isDone = useQuery(signInOptionsQuery).data?.needsSetup === false
  const token = fragmentToken(location.hash)
  return (
    <Gate title={t('desk.setup.title')} {...(!isDone && { text: t('desk.setup.text') })}>
      {isDone && (
        <p className="note">
          {t('desk.setup.done')} <Link to="/sign-in">{t('desk.signIn.title')}</Link>
        </p>
      )}
      {!isDone && token === undefined && <p className="note">{t('desk.setup.noToken')}</p>}
      {!isDone && token !== undefined && <FirstAdministrator token={token} />}
    </Gate>
  )
}

function FirstAdministrator({ token }: { readonly token: string }) {
  const { t } = useText()
  const create = useMutation({
    mutationFn: (form: HTMLFormElement) =>
      setUp({
        token,
        name: formText(form, 'name'),
        email: formText(form, 'email'),
        password: formText(form, 'password'),
      }),
    onSuccess: () => location.assign('/people'),
  })
  return (
    <Form onSubmit={(form) => create.mutate(form)}>
      <TextInput name="name" label={t('desk.name')} autoComplete="name" maxLength={100} required />
      <TextInput name="email" type="email" label={t('desk.email')} autoComplete="username" maxLength={200} required />
      <NewPassword />
      <ProblemNote error={create.error} />
      <ActButton type="submit" loading={create.isPending} fullWidth>
        {t('desk.setup.submit')}
      </ActButton>
    </Form>
  )
}
