import { TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useText } from '../../text/use-text.ts'
import { acceptInvitation } from '../api/accept-invitation.ts'
import { ActButton } from '../parts/act-button.tsx'
import { Form } from '../parts/form.tsx'
import { formText } from '../parts/form-text.ts'
import { NewPassword } from '../parts/new-password.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'

export function JoinAsNew({ token }: { readonly token: string }) {
  const { t } = useText()
  const join = useMutation({
    mutationFn: (form: HTMLFormElement) =>
      acceptInvitation({ token, name: formText(form, 'name'), password: formText(form, 'password') }),
    onSuccess: () => location.assign('/account'),
  })
  return (
    <Form onSubmit={(form) => join.mutate(form)}>
      <TextInput name="name" label={t('desk.name')} autoComplete="name" maxLength={100} required />
      <NewPassword />
      <ProblemNote error={join.error} />
      <ActButton type="submit" loading={join.isPending} fullWidth>
        {t('desk.join.submit')}
      </ActButton>
    </Form>
  )
}
