import { TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useText } from '../../text/use-text.ts'
import { askForReset } from '../api/ask-for-reset.ts'
import { ActButton } from '../parts/act-button.tsx'
import { Form } from '../parts/form.tsx'
import { formText } from '../parts/form-text.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Gate } from '../shell/gate.tsx'

export function ForgotPage() {
  const { t } = useText()
  const ask = useMutation({ mutationFn: (form: HTMLFormElement) => askForReset(formText(form, 'email')) })
  return (
    <Gate title={t('desk.forgot.title')} {...(!ask.isSuccess && { text: t('desk.forgot.text') })}>
      {ask.isSuccess ? (
        <p className="note" role="status">
          {t('desk.forgot.sent')}
        </p>
      ) : (
        <Form onSubmit={(form) => ask.mutate(form)}>
          <TextInput name="email" type="email" label={t('desk.email')} autoComplete="username" required />
          <ProblemNote error={ask.error} />
          <ActButton type="submit" loading={ask.isPending} fullWidth>
            {t('desk.forgot.submit')}
          </ActButton>
        </Form>
      )}
      <Link className="gate__back" to="/sign-in">
        {t('desk.toSignIn')}
      </Link>
    </Gate>
  )
}
