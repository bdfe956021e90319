import { PasswordInput } from '@mantine/core'
import { useText } from '../../text/use-text.ts'

const leastLength = 10
const mostLength = 128

/** In a form under the name `password`. */
export function NewPassword({ label }: { readonly label?: string }) {
  const { t } = useText()
  return (
    <PasswordInput
      name="password"
      label={label ?? t('desk.password')}
      description={t('desk.passwordRule', { count: leastLength })}
      autoComplete="new-password"
      minLength={leastLength}
      maxLength={mostLength}
      required
      visibilityToggleButtonProps={{ 'aria-label': t('desk.showPassword') }}
    />
  )
}
