import { useState } from 'react'
import { figureSize } from './figure-size.ts'

/** A number that highlights its changes with a short fade and a thin line below it for four seconds. */
export function ChangingText({ text }: { readonly text: string }) {
  const [shown, setShown] = useState({ text, changes: 0 })
  if (shown.text !== text) setShown({ text, changes: shown.changes + 1 })
  return (
    <span
      key={shown.changes}
      className={shown.changes === 0 ? 'changing' : 'changing changing--fresh'}
      data-size={figureSize(text)}
    >
      {text}
    </span>
  )
}
