import { Button } from '@mantine/core'
import { useId, useState } from 'react'
import { useText } from '../../text/use-text.ts'
import { focusWhenShown } from './focus-when-shown.ts'
import { ActButton } from './act-button.tsx'

interface ConfirmButtonProps {
  readonly label: string
  /** What will happen, whom it touches. */
  readonly question: string
  /** Several such buttons of a page are told apart by it. */
  readonly about: string
  readonly busy: boolean
  readonly onConfirm: () => void
}

/** Asks in its own place before it does what cannot be taken back. */
export function ConfirmButton({ label, question, about, busy, onConfirm }: ConfirmButtonProps) {
  const { t } = useText()
  const [asking, setAsking] = useState(false)
  const questionId = useId()
  if (!asking) {
    return (
      <Button variant="default" className="danger" aria-label={`${label}: ${about}`} onClick={() => setAsking(true)}>
        {label}
      </Button>
    )
  }
  return (
    <div className="confirm" role="group" aria-labelledby={questionId}>
      <span id={questionId} className="confirm__question">
        {question}
      </span>
      <ActButton className="danger danger--sure" loading={busy} onClick={onConfirm}>
        {label}
      </ActButton>
      <Button variant="default" ref={focusWhenShown} onClick={() => setAsking(false)}>
        {t('desk.cancel')}
      </Button>
    </div>
  )
}
