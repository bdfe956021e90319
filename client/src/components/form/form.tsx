import type { ReactNode, SubmitEvent } from 'react'
import formStyles from './form.module.css'
import { Button } from '@mantine/core'
import { useText } from '../../locales/use-text.ts'
import layout from '../layout/layout.module.css'
import { OnlineButton } from '../online-button.tsx'

interface FormProps {
  readonly onSubmit: (event: SubmitEvent<HTMLFormElement>) => void
  readonly children: ReactNode
}

/** A form whose fields show their own errors, so the validation of the browser is off. */
export function Form({ onSubmit, children }: FormProps) {
  return (
    <form className={formStyles['form']} noValidate onSubmit={onSubmit}>
      {children}
    </form>
  )
}

interface FormButtonsProps {
  readonly submit: string
  readonly isBusy: boolean
  /** Whether there is nothing to submit yet. */
  readonly isDisabled?: boolean
  readonly onCancel: () => void
  /** Whether the form has done its work, so that nothing is left to cancel. */
  readonly isDone?: boolean
}

/** Buttons at the end of a form that can be cancelled. */
export function FormButtons({ submit, isBusy, isDisabled = false, isDone = false, onCancel }: FormButtonsProps) {
  const { t } = useText()
  return (
    <div className={layout['row']}>
      <OnlineButton type="submit" loading={isBusy} disabled={isDisabled}>
        {submit}
      </OnlineButton>
      <Button variant="default" onClick={onCancel}>
        {t(isDone ? 'desk.close' : 'desk.cancel')}
      </Button>
    </div>
  )
}

/** Used as `ref` of an element that replaces the focused one, so that the keyboard focus is not lost. */
export function focusWhenShown(element: HTMLElement | null): void {
  element?.focus()
}
