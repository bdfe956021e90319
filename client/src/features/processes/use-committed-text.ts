import { useState, type ChangeEvent, type KeyboardEvent } from 'react'

/** The value of a text, or its error in the page's language. */
export type ReadText<Value> = { readonly value: Value } | { readonly error: string }

interface CommittedTextOptions<Value> {
  readonly text: string
  readonly read: (text: string) => ReadText<Value>
  readonly onCommit: (value: Value) => void
}

/**
 * A field that commits its text on blur or Enter; Esc discards the input. An invalid text stays in the field with its
 * error until it is corrected.
 */
export function useCommittedText<Value>({ text, read, onCommit }: CommittedTextOptions<Value>) {
  /** Undefined: the user is not typing. */
  const [typed, setTyped] = useState<string>()
  const [error, setError] = useState<string>()
  const forget = (): void => {
    setTyped(undefined)
    setError(undefined)
  }
  const commit = (): void => {
    if (typed === undefined) return
    const result = read(typed)
    if ('error' in result) {
      setError(result.error)
      return
    }
    forget()
    if (typed.trim() !== text) onCommit(result.value)
  }
  return {
    error,
    input: {
      value: typed ?? text,
      onChange: ({ currentTarget }: ChangeEvent<HTMLInputElement>): void => {
        setTyped(currentTarget.value)
        setError(undefined)
      },
      onBlur: commit,
      onKeyDown: (event: KeyboardEvent<HTMLInputElement>): void => {
        if (event.key === 'Enter') commit()
        if (event.key === 'Escape' && typed !== undefined) {
          event.stopPropagation()
          event.preventDefault()
          forget()
        }
      },
    },
  }
}
