import { durationParts } from '../format/duration.ts'
import { useText } from '../locales/use-text.ts'

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
