import { Button, NativeSelect, Switch } from '@mantine/core'
import type { StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { ArrowLeft, ArrowRight } from 'lucide-react'
import { useId } from 'react'
import { ConfirmButton } from '../../../components/confirm-button.tsx'
import layout from '../../../components/layout/layout.module.css'
import { useText } from '../../../locales/use-text.ts'
import { withField } from '../draft-edits.ts'
import type { StageField } from '../process-changes.ts'
import { useLiveStage, useProcess } from '../process-context.ts'
import { useFieldText } from '../use-field-text.ts'
import { changedStageFields } from '../process-changes.ts'
import { ApprovalFields } from './approval-fields.tsx'
import { ConditionalLimits } from './conditional-limits.tsx'
import { CutOffFields } from './cut-off-fields.tsx'
import { CommittedField, DurationField, NameFields, PercentField, Section } from './fields.tsx'
import { HoldReasons } from './hold-reasons.tsx'
import styles from './inspector.module.css'

/** All settings of one stage. */
export function StageInspector({ stage }: { readonly stage: StageDefinition }) {
  const { t, nameOf } = useText()
  const { definition, dispatch, calendars, departments, nameOfDepartment, select } = useProcess()
  const { fieldText } = useFieldText()
  const live = useLiveStage(stage.code)
  const departmentList = useId()
  const place = definition.stages.indexOf(stage)
  const changed = new Set(live === undefined ? [] : changedStageFields(live, stage))
  const wasOf = (field: StageField): string | undefined =>
    live !== undefined && changed.has(field) ? fieldText(live, field) : undefined
  const set = <Name extends StageField>(field: Name, value: StageDefinition[Name] | undefined): void =>
    dispatch?.({ kind: 'stage', stage: withField(stage, field, value) })
  const move = (to: number) => () => dispatch?.({ kind: 'moveStage', code: stage.code, to })
  return (
    <div className={layout['stack']}>
      <NameFields name={stage.name} was={live?.name} onChange={(name) => set('name', name)} />
      <div className={styles['fields']}>
        <DurationField
          label={t('processes.field.targetMs')}
          value={stage.targetMs}
          was={wasOf('targetMs')}
          onChange={(value) => set('targetMs', value)}
        />
        <NativeSelect
          label={t('processes.field.calendar')}
          value={stage.calendar ?? ''}
          disabled={dispatch === undefined}
          data={[
            { value: '', label: t('processes.usualCalendar') },
            ...calendars.map((each) => ({ value: each.definition.code, label: nameOf(each.definition.name) })),
          ]}
          onChange={({ currentTarget: { value } }) => set('calendar', value === '' ? undefined : value)}
        />
      </div>
      <div className={styles['fields']}>
        <PercentField
          label={t('processes.field.warnAtRatio')}
          value={stage.warnAtRatio}
          was={wasOf('warnAtRatio')}
          onChange={(value) => set('warnAtRatio', value)}
        />
        <DurationField
          label={t('processes.field.stallAfterMs')}
          value={stage.stallAfterMs}
          was={wasOf('stallAfterMs')}
          onChange={(value) => set('stallAfterMs', value)}
        />
        <PercentField
          label={t('processes.field.toleranceRatio')}
          value={stage.toleranceRatio}
          was={wasOf('toleranceRatio')}
          onChange={(value) => set('toleranceRatio', value)}
        />
        <CommittedField
          label={t('processes.field.department')}
          text={stage.department ?? ''}
          was={wasOf('department')}
          list={departmentList}
          read={(text) => ({ value: text.trim() === '' ? undefined : text.trim().slice(0, 200) })}
          onCommit={(value) => set('department', value)}
        />
        <datalist id={departmentList}>
          {departments.map((department) => (
            <option key={department} value={department}>
              {nameOfDepartment(department)}
            </option>
          ))}
        </datalist>
      </div>
      <Section title={t('processes.otherLimits')}>
        <DurationField
          label={t('processes.field.promiseLeadMs')}
          description={t('processes.promiseLeadHint')}
          value={stage.promiseLeadMs}
          was={wasOf('promiseLeadMs')}
          isNatural
          mayBeZero
          onChange={(value) => set('promiseLeadMs', value)}
        />
        <CutOffFields value={stage.cutOff} onChange={(value) => set('cutOff', value)} />
      </Section>
      <ConditionalLimits stage={stage} onChange={(rules) => set('targets', rules.length === 0 ? undefined : rules)} />
      <HoldReasons
        stage={stage}
        onChange={(reasons) => set('holdReasons', reasons.length === 0 ? undefined : reasons)}
      />
      <ApprovalFields stage={stage} onChange={(approval) => set('approval', approval)} />
      <Switch
        label={t('processes.field.terminal')}
        description={t('processes.terminalHint')}
        checked={stage.terminal === true}
        disabled={dispatch === undefined}
        onChange={({ currentTarget }) => set('terminal', currentTarget.checked ? true : undefined)}
      />
      {dispatch !== undefined && (
        <div className={layout['row']}>
          <Button
            variant="default"
            leftSection={<ArrowLeft size={16} aria-hidden />}
            disabled={place <= 0}
            onClick={move(place - 1)}
          >
            {t('processes.earlier')}
          </Button>
          <Button
            variant="default"
            rightSection={<ArrowRight size={16} aria-hidden />}
            disabled={place === definition.stages.length - 1}
            onClick={move(place + 1)}
          >
            {t('processes.later')}
          </Button>
          <ConfirmButton
            label={t('processes.deleteStage')}
            about={nameOf(stage.name)}
            question={t(definition.acceptsNewStages ? 'processes.deleteStageLearns' : 'processes.deleteStageRejects', {
              code: stage.code,
            })}
            busy={false}
            onConfirm={() => {
              dispatch({ kind: 'removeStage', code: stage.code })
              select({})
            }}
          />
        </div>
      )}
    </div>
  )
}
