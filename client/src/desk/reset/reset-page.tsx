import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useText } from '../../text/use-text.ts'
import { resetPassword } from '../api/reset-password.ts'
import { ActButton } from '../parts/act-button.tsx'
import { Form } from '../parts/form.tsx'
import { formText } from '../parts/form-text.ts'
import { fragmentToken } from '../parts/fragment-token.ts'
import { NewPassword } from '../parts/new-password.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Gate } from '../shell/gate.tsx'

/** A new password, by the link that was mailed. */
export function ResetPage({ token = fragmentToken(location.hash) }: { readonly token: string | undefined }) {
  const { t } = useText()
  const reset = useMutation({
    mutationFn: (form: HTMLFormElement) => resetPassword(token ?? '', formText(form, 'password')),
  })
  return (
    <Gate title={t('desk.reset.title')}>
      {token === undefined && <p className="note">{t('desk.reset.noToken')}</p>}
      {reset.isSuccess && (
        <p className="note" role="status">
          {t('desk.reset.done')}
        </p>
      )}
      {token !== undefined && !reset.isSuccess && (
        <Form onSubmit={(form) => reset.mutate(form)}>
          <NewPassword label={t('desk.newPassword')} />
          <ProblemNote error={reset.error} />
          <ActButton type="submit" loading={reset.isPending} fullWidth>
            {t('desk.reset.submit')}
          </ActButton>
        </Form>
      )}
      <Link className="gate__back" to="/sign-in">
        {t('desk.toSignIn')}
      </Link>
    </Gate>
  )
}
