import { NativeSelect, NumberInput } from '@mantine/core'
import { useState } from 'react'
import { useText } from '../../../locales/use-text.ts'
import styles from './rules.module.css'

const unitMs = { m: 60_000, h: 3_600_000, d: 24 * 3_600_000 } as const
type Unit = keyof typeof unitMs

interface DurationInputProps {
  readonly label: string
  /** Ms. NaN while the field is empty, which every rule rejects. */
  readonly value: number
  /** Days (24 hours) are offered for elapsed time only, because a working day is shorter. */
  readonly clock: 'working' | 'elapsed'
  readonly error: string | undefined
  readonly onChange: (ms: number) => void
}

/** A number and its unit. */
export function DurationInput({ label, value, clock, error, onChange }: DurationInputProps) {
  const { t } = useText()
  const units = clock === 'elapsed' ? (['m', 'h', 'd'] as const) : (['m', 'h'] as const)
  const fitting = units.findLast((each) => value > 0 && value % unitMs[each] === 0) ?? 'm'
  const [chosen, setUnit] = useState<Unit>(fitting)
  const isOffered = units.some((each) => each === chosen)
  // Typed values keep the chosen unit, even while the field is empty. Other values get a unit that shows them exactly.
  const keeps = isOffered && (Number.isNaN(value) || (value * 100) % unitMs[chosen] === 0)
  const unit = keeps ? chosen : fitting
  return (
    <div className={styles['duration']}>
      <NumberInput
        aria-label={label}
        value={Number.isNaN(value) ? '' : value / unitMs[unit]}
        min={0}
        clampBehavior="none"
        hideControls
        decimalScale={2}
        error={error}
        onChange={(given) => onChange(given === '' ? Number.NaN : Math.round(Number(given) * unitMs[unit]))}
      />
      <NativeSelect
        aria-label={t('alerts.unitOf', { field: label })}
        value={unit}
        data={units.map((each) => ({
          value: each,
          label: t(clock === 'working' && each === 'h' ? 'alerts.unit.workingH' : `alerts.unit.${each}`),
        }))}
        onChange={({ currentTarget }) => {
          const next = units.find((each) => each === currentTarget.value)
          if (next === undefined) return
          setUnit(next)
          // Changing the unit keeps the displayed number.
          onChange(Math.round((value / unitMs[unit]) * unitMs[next]))
        }}
      />
    </div>
  )
}
