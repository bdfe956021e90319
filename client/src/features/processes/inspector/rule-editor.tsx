import { TagsInput } from '@mantine/core'
import type { NumberRange, TargetCondition, TargetRule } from '@stagewatch/shared/domain/target-rule.ts'
import { useText } from '../../../locales/use-text.ts'
import { withField } from '../draft-edits.ts'
import { useProcess } from '../process-context.ts'
import type { ReadText } from '../use-committed-text.ts'
import { numberConditions, textConditions } from '../use-field-text.ts'
import { CutOffFields } from './cut-off-fields.tsx'
import { CommittedField, DurationField, PercentField } from './fields.tsx'
import styles from './inspector.module.css'

interface RuleEditorProps {
  readonly rule: TargetRule
  readonly onChange: (rule: TargetRule) => void
}

/** The condition and the limit of a rule. */
export function RuleEditor({ rule, onChange }: RuleEditorProps) {
  const { t } = useText()
  const { departments } = useProcess()
  const { when } = rule
  const setWhen = <Name extends keyof TargetCondition>(field: Name, value: TargetCondition[Name] | undefined): void =>
    onChange({ ...rule, when: withField(when, field, value) })
  const set = <Name extends keyof TargetRule>(field: Name, value: TargetRule[Name] | undefined): void =>
    onChange(withField(rule, field, value))
  return (
    <div className={styles['ruleEditor']}>
      <h4>{t('processes.ruleWhen')}</h4>
      {textConditions.map((field) => (
        <TagsInput
          key={field}
          label={t(`processes.condition.${field}`)}
          placeholder={when[field] === undefined ? t('processes.anyValue') : undefined}
          value={[...(when[field] ?? [])]}
          data={field === 'department' ? [...departments] : []}
          onChange={(values) => setWhen(field, values.length === 0 ? undefined : values.slice(0, 500))}
          clearButtonProps={{ 'aria-label': t('processes.clear', { field: t(`processes.condition.${field}`) }) }}
          acceptValueOnBlur
        />
      ))}
      <p className={styles['hint']}>{t('processes.starHint')}</p>
      {numberConditions.map((field) => (
        <RangeFields
          key={field}
          label={t(`processes.condition.${field}`)}
          value={when[field] ?? {}}
          onChange={(range) => setWhen(field, Object.keys(range).length === 0 ? undefined : range)}
        />
      ))}
      <h4>{t('processes.ruleThen')}</h4>
      <p className={styles['hint']}>{t('processes.ruleThenHint')}</p>
      <div className={styles['fields']}>
        <DurationField
          label={t('processes.field.targetMs')}
          placeholder={t('processes.asStage')}
          value={rule.targetMs}
          onChange={(value) => set('targetMs', value)}
        />
        <PercentField
          label={t('processes.field.warnAtRatio')}
          placeholder={t('processes.asStage')}
          value={rule.warnAtRatio}
          mayBeEmpty
          onChange={(value) => set('warnAtRatio', value)}
        />
        <DurationField
          label={t('processes.field.stallAfterMs')}
          placeholder={t('processes.asStage')}
          value={rule.stallAfterMs}
          onChange={(value) => set('stallAfterMs', value)}
        />
        <DurationField
          label={t('processes.field.promiseLeadMs')}
          placeholder={t('processes.asStage')}
          value={rule.promiseLeadMs}
          isNatural
          mayBeZero
          onChange={(value) => set('promiseLeadMs', value)}
        />
      </div>
      <CutOffFields value={rule.cutOff} onChange={(value) => set('cutOff', value)} />
    </div>
  )
}

interface RangeFieldsProps {
  readonly label: string
  readonly value: NumberRange
  readonly onChange: (value: NumberRange) => void
}

function RangeFields({ label, value, onChange }: RangeFieldsProps) {
  const { t } = useText()
  const read =
    (isFitting: (number: number) => boolean) =>
    (text: string): ReadText<number | undefined> => {
      const words = text.normalize('NFKC').replaceAll(/[\s,]/g, '')
      if (words === '') return { value: undefined }
      const number = Number(words)
      if (!Number.isFinite(number)) return { error: t('processes.numberWrong') }
      return isFitting(number) ? { value: number } : { error: t('fieldProblem.empty_range') }
    }
  const { from, below } = value
  return (
    <div className={styles['fields']}>
      <CommittedField
        label={t('processes.rangeFrom', { field: label })}
        placeholder={t('processes.anyValue')}
        text={from === undefined ? '' : String(from)}
        read={read((number) => below === undefined || number < below)}
        onCommit={(number) => onChange(withField(value, 'from', number))}
      />
      <CommittedField
        label={t('processes.rangeBelow', { field: label })}
        placeholder={t('processes.anyValue')}
        text={below === undefined ? '' : String(below)}
        read={read((number) => from === undefined || number > from)}
        onCommit={(number) => onChange(withField(value, 'below', number))}
      />
    </div>
  )
}
