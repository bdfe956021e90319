import { useState } from 'react'
import { durationParts } from '../format/duration.ts'
import { useText } from '../locales/use-text.ts'

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

/** The type size at which a figure of this length fits its column. */
export function figureSize(text: string): 'plain' | 'long' | 'longest' {
  if (text.length <= 4) return 'plain'
  return text.length <= 6 ? 'long' : 'longest'
}

/** `31h 20m`, with the first figure emphasized and smaller, lighter units. */
export function DurationText({ durationMs }: { readonly durationMs: number }) {
  const { t, language } = useText()
  return (
    <span className="duration">
      {durationParts(durationMs, language).map(({ value, unit }) => (
        <span key={unit} className="duration__part">
          <span className="duration__value">{value}</span>
          <span className={`duration__unit duration__unit--${unit}`}>{t(`unit.${unit}`)}</span>
        </span>
      ))}
    </span>
  )
}
