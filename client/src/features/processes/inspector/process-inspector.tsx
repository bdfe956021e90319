import { Switch } from '@mantine/core'
import type { ProcessGoals } from '@stagewatch/shared/domain/process-definition.ts'
import layout from '../../../components/layout/layout.module.css'
import { formatCount } from '../../../format/quantity.ts'
import { useText } from '../../../locales/use-text.ts'
import { withField } from '../draft-edits.ts'
import type { GoalField } from '../process-changes.ts'
import { useProcess } from '../process-context.ts'
import { useReaders } from '../use-readers.ts'
import { CommittedField, DurationField, NameFields, PercentField, Section } from './fields.tsx'

/** Settings of the whole process. */
export function ProcessInspector() {
  const { t, language } = useText()
  const { definition, live, dispatch } = useProcess()
  const { readCount, percentText, durationText } = useReaders()
  const { goals } = definition
  const set = <Name extends GoalField>(field: Name, value: ProcessGoals[Name] | undefined): void =>
    dispatch?.({ kind: 'process', change: { goals: withField(goals, field, value) } })
  const wasOf = (field: GoalField, text: (value: number) => string): string | undefined => {
    const was = live.goals[field]
    if (was === goals[field]) return undefined
    return was === undefined ? t('processes.none') : text(was)
  }
  const ceiling = (field: 'overdueCeiling' | 'soonCeiling') => (
    <CommittedField
      label={t(`processes.goal.${field}`)}
      description={t(`processes.goalHint.${field}`)}
      placeholder={t('processes.none')}
      text={goals[field] === undefined ? '' : String(goals[field])}
      was={wasOf(field, (value) => formatCount(value, language))}
      read={readCount}
      onCommit={(value) => set(field, value)}
    />
  )
  return (
    <div className={layout['stack']}>
      <NameFields
        name={definition.name}
        was={live.name}
        onChange={(name) => dispatch?.({ kind: 'process', change: { name } })}
      />
      <Section title={t('processes.goals')}>
        {ceiling('overdueCeiling')}
        {ceiling('soonCeiling')}
        <PercentField
          label={t('processes.goal.onTimeRatio')}
          value={goals.onTimeRatio}
          placeholder={t('processes.none')}
          was={wasOf('onTimeRatio', percentText)}
          mayBeEmpty
          onChange={(value) => set('onTimeRatio', value)}
        />
        <DurationField
          label={t('processes.goal.leadTimeMs')}
          description={t('processes.goalHint.leadTimeMs')}
          value={goals.leadTimeMs}
          was={wasOf('leadTimeMs', (value) => durationText(value, true))}
          isNatural
          onChange={(value) => set('leadTimeMs', value)}
        />
      </Section>
      <Switch
        label={t('processes.acceptsNewStages')}
        description={t('processes.acceptsNewStagesHint')}
        checked={definition.acceptsNewStages}
        disabled={dispatch === undefined}
        onChange={({ currentTarget }) =>
          dispatch?.({ kind: 'process', change: { acceptsNewStages: currentTarget.checked } })
        }
      />
    </div>
  )
}
