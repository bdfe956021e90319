import type { ReactNode, SubmitEvent } from 'react'
import formStyles from './form.module.css'

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

/** Used as `ref` of an element that replaces the focused one, so that the keyboard focus is not lost. */
export function focusWhenShown(element: HTMLElement | null): void {
  element?.focus()
}
