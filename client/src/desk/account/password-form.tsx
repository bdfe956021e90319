import { PasswordInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useText } from '../../text/use-text.ts'
import { changePassword } from '../api/change-password.ts'
import { ActButton } from '../parts/act-button.tsx'
import { Form } from '../parts/form.tsx'
import { formText } from '../parts/form-text.ts'
import { NewPassword } from '../parts/new-password.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'

export function PasswordForm() {
  const { t } = useText()
  const queries = useQueryClient()
  const change = useMutation({
    mutationFn: (form: HTMLFormElement) => changePassword(formText(form, 'current'), formText(form, 'password')),
    onSuccess: async (_answer, form) => {
      form.reset()
      await queries.invalidateQueries({ queryKey: ['sessions'] })
    },
  })
  return (
    <Form onSubmit={(form) => change.mutate(form)}>
      <PasswordInput
        name="current"
        label={t('desk.account.currentPassword')}
        autoComplete="current-password"
        required
        visibilityToggleButtonProps={{ 'aria-label': t('desk.showPassword') }}
      />
      <NewPassword label={t('desk.newPassword')} />
      <ProblemNote error={change.error} />
      {change.isSuccess && (
        <p className="note" role="status">
          {t('desk.account.passwordChanged')}
        </p>
      )}
      <ActButton type="submit" variant="default" loading={change.isPending}>
        {t('desk.account.changePassword')}
      </ActButton>
    </Form>
  )
}
