import { Button, type ButtonProps } from '@mantine/core'
import type { ButtonHTMLAttributes } from 'react'
import { useHealth } from '../api/health.ts'
import { useText } from '../locales/use-text.ts'

type OnlineButtonProps = ButtonProps &
  Pick<ButtonHTMLAttributes<HTMLButtonElement>, 'onClick' | 'type' | 'aria-label' | 'aria-pressed'>

/** A button for a change on the server. Without a connection it is disabled and says why. */
export function OnlineButton(props: OnlineButtonProps) {
  const { t } = useText()
  const isCut = useHealth() === 'unreachable'
  const { disabled = false, ...rest } = props
  return <Button {...rest} disabled={disabled || isCut} title={isCut ? t('desk.cutActions') : undefined} />
}
