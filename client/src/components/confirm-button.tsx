import { Button } from '@mantine/core'
import { clsx } from 'clsx'
import { useId, useState } from 'react'
import { useText } from '../locales/use-text.ts'
import button from './button.module.css'
import styles from './confirm-button.module.css'
import { focusWhenShown } from './form/form.tsx'
import { OnlineButton } from './online-button.tsx'

interface ConfirmButtonProps {
  readonly label: string
  /** States the consequence and who is affected. */
  readonly question: string
  /** Distinguishes several such buttons on a page. */
  readonly about: string
  readonly busy: boolean
  readonly onConfirm: () => void
}

/** Asks for confirmation inline before an action that cannot be undone. */
export function ConfirmButton({ label, question, about, busy, onConfirm }: ConfirmButtonProps) {
  const { t } = useText()
  const [asking, setAsking] = useState(false)
  const questionId = useId()
  if (!asking) {
    return (
      <Button
        variant="default"
        className={button['danger']}
        aria-label={`${label}: ${about}`}
        onClick={() => setAsking(true)}
      >
        {label}
      </Button>
    )
  }
  return (
    <div className={styles['confirm']} role="group" aria-labelledby={questionId}>
      <span id={questionId} className={styles['question']}>
        {question}
      </span>
      <OnlineButton className={clsx(button['danger'], button['sure'])} loading={busy} onClick={onConfirm}>
        {label}
      </OnlineButton>
      <Button variant="default" ref={focusWhenShown} onClick={() => setAsking(false)}>
        {t('desk.cancel')}
      </Button>
    </div>
  )
}
