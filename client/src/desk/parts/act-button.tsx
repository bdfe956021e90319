import { Button, type ButtonProps } from '@mantine/core'
import type { ButtonHTMLAttributes } from 'react'
import { useText } from '../../text/use-text.ts'
import { useHealth } from './use-health.ts'

type ActButtonProps = ButtonProps & Pick<ButtonHTMLAttributes<HTMLButtonElement>, 'onClick' | 'type' | 'aria-label'>

/** A button that changes something at the server: without a line to it, it says why it cannot. */
export function ActButton(props: ActButtonProps) {
  const { t } = useText()
  const isCut = useHealth() === 'unreachable'
  const { disabled = false, ...rest } = props
  return <Button {...rest} disabled={disabled || isCut} title={isCut ? t('desk.cutActions') : undefined} />
}
