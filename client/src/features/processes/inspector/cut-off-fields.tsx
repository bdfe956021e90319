import { Button, NativeSelect } from '@mantine/core'
import type { CutOff } from '@stagewatch/shared/domain/cut-off.ts'
import { Clock3 } from 'lucide-react'
import formStyles from '../../../components/form/form.module.css'
import layout from '../../../components/layout/layout.module.css'
import { useText } from '../../../locales/use-text.ts'
import { withField } from '../draft-edits.ts'
import { useProcess } from '../process-context.ts'
import { useFieldText } from '../use-field-text.ts'
import styles from './inspector.module.css'
import { ClockField } from '../../../components/form/clock-field.tsx'

const mostDaysLater = 14
const usual: CutOff = { enterBy: '14:00', leaveBy: '16:00' }

interface CutOffFieldsProps {
  readonly value: CutOff | undefined
  readonly onChange: (value: CutOff | undefined) => void
}

/** The time of day by which an order has to leave the stage. */
export function CutOffFields({ value, onChange }: CutOffFieldsProps) {
  const { t } = useText()
  const { dispatch } = useProcess()
  const { cutOffText } = useFieldText()
  if (dispatch === undefined) return value === undefined ? null : <p>{cutOffText(value)}</p>
  if (value === undefined) {
    return (
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<Clock3 size={14} aria-hidden />}
        onClick={() => onChange(usual)}
      >
        {t('processes.cutOff.add')}
      </Button>
    )
  }
  const { enterBy, leaveBy, daysLater = 0 } = value
  const isWrong = daysLater === 0 && (enterBy ?? '') > leaveBy
  const days = Array.from({ length: Math.max(mostDaysLater, daysLater) + 1 }, (_, count) => ({
    value: String(count),
    label: count === 0 ? t('processes.cutOff.sameDay') : t('processes.cutOff.daysLater', { count }),
  }))
  return (
    <div className={formStyles['group']}>
      <div className={styles['fields']}>
        <ClockField
          kind="time"
          label={t('processes.cutOff.enterBy')}
          value={enterBy ?? ''}
          onChange={(time) => onChange(withField(value, 'enterBy', time === '' ? undefined : time))}
        />
        <ClockField
          kind="time"
          label={t('processes.cutOff.leaveBy')}
          value={leaveBy}
          error={isWrong ? t('processes.cutOff.wrong') : undefined}
          onChange={(time) => time !== '' && onChange({ ...value, leaveBy: time })}
        />
        <NativeSelect
          label={t('processes.cutOff.on')}
          value={String(daysLater)}
          data={days}
          onChange={({ currentTarget }) => {
            const count = Number(currentTarget.value)
            onChange(withField(value, 'daysLater', count === 0 ? undefined : count))
          }}
        />
      </div>
      <p className={layout['meta']}>{cutOffText(value)}</p>
      <button type="button" className={styles['textButton']} onClick={() => onChange(undefined)}>
        {t('processes.cutOff.remove')}
      </button>
    </div>
  )
}
