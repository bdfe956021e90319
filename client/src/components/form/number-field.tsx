import { NumberInput } from '@mantine/core'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'

interface NumberFieldProps {
  readonly label: string
  /** NaN while the field is empty. Every schema rejects it, so nothing can be saved meanwhile. */
  readonly value: number
  readonly min: number
  readonly max: number
  readonly onChange: (value: number) => void
}

/** A required integer. A cleared field stays empty instead of becoming zero, and shows its error. */
export function NumberField({ label, value, min, max, onChange }: NumberFieldProps) {
  const { t, language } = useText()
  const isWrong = !(value >= min && value <= max)
  return (
    <NumberInput
      label={label}
      value={Number.isNaN(value) ? '' : value}
      min={min}
      max={max}
      clampBehavior="none"
      allowDecimal={false}
      required
      error={
        isWrong
          ? t('desk.numberRange', { min: formatCount(min, language), max: formatCount(max, language) })
          : undefined
      }
      onChange={(given) => onChange(given === '' ? Number.NaN : Number(given))}
    />
  )
}
