import type { ReactNode, SubmitEvent } from 'react'
import formStyles from './form.module.css'

interface FormProps {
  readonly onSubmit: (event: SubmitEvent<HTMLFormElement>) => void
  readonly children: ReactNode
}

/** Its fields say themselves what is wrong with them, so the browser does not. */
export function Form({ onSubmit, children }: FormProps) {
  return (
    <form className={formStyles['form']} noValidate onSubmit={onSubmit}>
      {children}
    </form>
  )
}

/** As `ref` of what takes the place of something that had the focus: the keyboard continues from there. */
export function focusWhenShown(element: HTMLElement | null): void {
  element?.focus()
}
