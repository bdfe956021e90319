import { useEffect, useRef, useState } from 'react'

type Outcome = 'copied' | 'byHand'

/** Soon the clipboard holds something else. */
const saidForMs = 4_000

/** A text that can be copied with a button. Where the browser does not allow it, the text is selected instead. */
export function useCopy<Shown extends Element>(text: string) {
  const shown = useRef<Shown>(null)
  const [last, setLast] = useState<{ readonly text: string; readonly outcome: Outcome }>()
  const copy = async (): Promise<void> => {
    const copied = await copyText(text)
    if (!copied) selectText(shown.current)
    setLast({ text, outcome: copied ? 'copied' : 'byHand' })
  }
  useEffect(() => {
    // How to copy by hand is still true later.
    if (last?.outcome !== 'copied') return
    const timer = setTimeout(() => setLast(undefined), saidForMs)
    return () => clearTimeout(timer)
  }, [last])
  const outcome = last?.text === text ? last.outcome : undefined
  return {
    shown,
    copy: () => void copy(),
    label: outcome === undefined ? 'copy.copy' : (`copy.${outcome}` as const),
  } as const
}

/**
 * Copies a text. Pages that are not served securely have no clipboard of their own, so there the text is copied by the
 * command that browsers have had before.
 * @returns false: the browser allows neither, and the text is to be selected by hand.
 */
async function copyText(text: string): Promise<boolean> {
  if (isSecureContext) {
    const copied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    )
    if (copied) return true
  }
  return copyByCommand(text)
}

function copyByCommand(text: string): boolean {
  const field = document.createElement('textarea')
  field.value = text
  field.readOnly = true
  // Where it is nobody sees it, and focusing it scrolls nothing.
  field.style.position = 'fixed'
  field.style.opacity = '0'
  const focused = document.activeElement
  // Within a dialog that keeps the focus to itself, nothing outside of it can be selected.
  const parent = focused?.parentElement ?? document.body
  parent.append(field)
  field.select()
  try {
    // oxlint-disable-next-line typescript/no-deprecated -- there is nothing else without a secure context
    return document.execCommand('copy')
  } catch {
    return false
  } finally {
    field.remove()
    if (focused instanceof HTMLElement) focused.focus()
  }
}

/** Selects what an element shows, so that a person can copy it. */
function selectText(element: Element | null): void {
  if (element !== null) getSelection()?.selectAllChildren(element)
}
