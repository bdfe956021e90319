import { ActionIcon } from '@mantine/core'
import type { HoldReason, StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { Plus, Trash2 } from 'lucide-react'
import layout from '../../../components/layout/layout.module.css'
import { useText } from '../../../locales/use-text.ts'
import { withField } from '../draft-edits.ts'
import { useProcess } from '../process-context.ts'
import { DurationField, NameFields, Section } from './fields.tsx'
import styles from './inspector.module.css'

const maxReasons = 50

interface HoldReasonsProps {
  readonly stage: StageDefinition
  readonly onChange: (reasons: readonly HoldReason[]) => void
}

/** The available reasons for holding an order in the stage. */
export function HoldReasons({ stage, onChange }: HoldReasonsProps) {
  const { t, nameOf } = useText()
  const { dispatch } = useProcess()
  const { holdReasons: reasons = [] } = stage
  return (
    <Section
      title={t('processes.field.holdReasons')}
      action={
        dispatch !== undefined &&
        reasons.length < maxReasons && (
          <button
            type="button"
            className={styles['textButton']}
            onClick={() => onChange([...reasons, { name: newReason }])}
          >
            <Plus size={14} aria-hidden /> {t('processes.addReason')}
          </button>
        )
      }
    >
      <p className={layout['meta']}>{t(reasons.length === 0 ? 'processes.noReasons' : 'processes.reasonsHint')}</p>
      <ul className={styles['rules']}>
        {reasons.map((reason, at) => (
          // A reason has no id; its index identifies it.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={at} className={styles['reason']}>
            <NameFields name={reason.name} onChange={(name) => onChange(reasons.with(at, { ...reason, name }))} />
            <div className={styles['reasonEnd']}>
              <DurationField
                label={t('processes.longestHold')}
                placeholder={t('processes.anyTime')}
                value={reason.maxMs}
                isNatural
                onChange={(maxMs) => onChange(reasons.with(at, withField(reason, 'maxMs', maxMs)))}
              />
              {dispatch !== undefined && (
                <ActionIcon
                  variant="subtle"
                  size={36}
                  aria-label={t('processes.reasonDelete', { name: nameOf(reason.name) })}
                  onClick={() => onChange(reasons.toSpliced(at, 1))}
                >
                  <Trash2 size={15} aria-hidden />
                </ActionIcon>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** Placeholder until the user has entered a name. */
const newReason = { zh: '等待', en: 'Waiting' }
