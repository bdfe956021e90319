import type { ReactNode } from 'react'

interface FormProps {
  readonly onSubmit: (form: HTMLFormElement) => void
  readonly children: ReactNode
}

export function Form({ onSubmit, children }: FormProps) {
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit(event.currentTarget)
      }}
    >
      {children}
    </form>
  )
}
