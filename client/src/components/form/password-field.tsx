import { PasswordInput, type PasswordInputProps } from '@mantine/core'
import { useText } from '../../locales/use-text.ts'

const minLength = 10

interface PasswordFieldProps extends PasswordInputProps {
  /** Whether the user sets a new password here. */
  readonly isNew?: boolean
}

export function PasswordField({ isNew = false, ...props }: PasswordFieldProps) {
  const { t } = useText()
  return (
    <PasswordInput
      label={t('desk.password')}
      autoComplete={isNew ? 'new-password' : 'current-password'}
      required
      visibilityToggleButtonProps={{ 'aria-label': t('desk.showPassword') }}
      {...(isNew && { description: t('desk.passwordRule', { count: minLength }) })}
      {...props}
    />
  )
}
