import { useEffect, useRef, useState } from 'react'

type Outcome = 'copied' | 'byHand'

/** The confirmation disappears because the clipboard soon holds something else. */
const saidForMs = 4_000

/** Copies a text on a click. Where the browser does not allow that, the text is selected instead. */
export function useCopy<Shown extends Element>(text: string) {
  const shown = useRef<Shown>(null)
  const [last, setLast] = useState<{ readonly text: string; readonly outcome: Outcome }>()
  const copy = async (): Promise<void> => {
    const copied = await copyText(text)
    if (!copied) selectText(shown.current)
    setLast({ text, outcome: copied ? 'copied' : 'byHand' })
  }
  useEffect(() => {
    // The hint to copy by hand stays valid.
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
 * Copies a text. The clipboard API exists only in secure contexts; elsewhere the text is copied by the older
 * `execCommand`.
 * @returns false: the browser allows neither, and the user has to copy the selected text by hand.
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
  // Keeps the field invisible, and focusing it does not scroll the page.
  field.style.position = 'fixed'
  field.style.opacity = '0'
  const focused = document.activeElement
  // A dialog with a focus trap prevents selecting text outside of it.
  const parent = focused?.parentElement ?? document.body
  parent.append(field)
  field.select()
  try {
    // oxlint-disable-next-line typescript/no-deprecated -- there is no alternative without a secure context
    return document.execCommand('copy')
  } catch {
    return false
  } finally {
    field.remove()
    if (focused instanceof HTMLElement) focused.focus()
  }
}

/** Selects the text of an element, so that the user can copy it. */
function selectText(element: Element | null): void {
  if (element !== null) getSelection()?.selectAllChildren(element)
}
