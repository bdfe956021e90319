import { useState, type ChangeEvent, type KeyboardEvent } from 'react'

/** What a text means, or what is wrong with it in the language of the page. */
export type ReadText<Value> = { readonly value: Value } | { readonly error: string }

interface CommittedTextOptions<Value> {
  readonly text: string
  readonly read: (text: string) => ReadText<Value>
  readonly onCommit: (value: Value) => void
}

/**
 * A field whose text counts when somebody leaves it or presses Enter; Esc takes back what was typed. A text that means
 * nothing stays there with its error until it does.
 */
export function useCommittedText<Value>({ text, read, onCommit }: CommittedTextOptions<Value>) {
  /** Undefined: nobody is typing. */
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
