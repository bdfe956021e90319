import { ActionIcon, MultiSelect, NativeSelect, NumberInput, TagsInput } from '@mantine/core'
import type { AlertRuleRequest } from '@stagewatch/shared/contract/alert-rules.ts'
import type { AlertScope } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { factsOf } from '@stagewatch/shared/domain/alerts/measures.ts'
import type { NumberRange, TargetCondition } from '@stagewatch/shared/domain/target-rule.ts'
import { useQuery } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useMe } from '../../../api/session.ts'
import { choicesQuery } from '../../../components/filters/choices-query.ts'
import layout from '../../../components/layout/layout.module.css'
import { useText } from '../../../locales/use-text.ts'
import type { FieldError } from './condition-fields.tsx'
import { needsStages } from './rule-values.ts'
import styles from './rules.module.css'
import { numberConditions, textConditions, useRuleText } from './use-rule-text.ts'

type TextField = (typeof textConditions)[number]
type NumberField = (typeof numberConditions)[number]

const maxCodes = 500

interface ScopeFieldsProps {
  readonly values: AlertRuleRequest
  readonly errorOf: FieldError
  readonly onChange: (scope: AlertScope) => void
}

/** The orders, stages or sources that a rule applies to. Fields without a value do not restrict the rule. */
export function ScopeFields({ values: { condition, scope }, errorOf, onChange }: ScopeFieldsProps) {
  const { t, nameOf } = useText()
  const { processes } = useRuleText()
  const isMeasure = condition.kind === 'measure'
  const of = isMeasure ? factsOf(condition.measure).of : 'stage'
  const mustChoose = needsStages(condition)
  const chosen = processes.filter(({ code }) => scope.processes?.includes(code) !== false)
  const stages = new Map(chosen.flatMap((process) => process.stages.map(({ code, name }) => [code, nameOf(name)])))
  const set = (field: 'processes' | 'stages' | 'sources', codes: readonly string[]): void => {
    const { [field]: _before, ...rest } = scope
    onChange(codes.length === 0 ? rest : { ...rest, [field]: codes.slice(0, maxCodes) })
  }
  if (of === 'source') {
    return (
      <TagsInput
        label={t('alerts.field.sources')}
        placeholder={scope.sources === undefined ? t('alerts.any.sources') : undefined}
        value={[...(scope.sources ?? [])]}
        error={errorOf('scope.sources')}
        onChange={(codes) => set('sources', codes)}
        acceptValueOnBlur
      />
    )
  }
  return (
    <>
      {processes.length > 1 && (
        <MultiSelect
          label={t('alerts.field.processes')}
          placeholder={scope.processes === undefined ? t('alerts.any.processes') : undefined}
          value={[...(scope.processes ?? [])]}
          data={withKnown(
            processes.map(({ code, name }) => ({ value: code, label: nameOf(name) })),
            scope.processes,
          )}
          error={errorOf('scope.processes')}
          onChange={(codes) => set('processes', codes)}
        />
      )}
      {of === 'stage' && (
        <MultiSelect
          label={t('alerts.field.stages')}
          placeholder={scope.stages === undefined && !mustChoose ? t('alerts.any.stages') : undefined}
          description={mustChoose ? t('alerts.carrierStages') : undefined}
          withAsterisk={mustChoose}
          value={[...(scope.stages ?? [])]}
          data={withKnown(
            [...stages].map(([value, label]) => ({ value, label })),
            scope.stages,
          )}
          error={errorOf('scope.stages')}
          onChange={(codes) => set('stages', codes)}
        />
      )}
      {!isMeasure && (
        <AttributeFields
          when={scope.when ?? {}}
          errorOf={errorOf}
          onChange={(when) => {
            const { when: _before, ...rest } = scope
            onChange(Object.keys(when).length === 0 ? rest : { ...rest, when })
          }}
        />
      )}
    </>
  )
}

/** Adds chosen values that no longer exist, so that they can be seen and removed. */
function withKnown(options: { value: string; label: string }[], chosen: readonly string[] = []) {
  const known = new Set(options.map(({ value }) => value))
  return [...options, ...chosen.filter((code) => !known.has(code)).map((code) => ({ value: code, label: code }))]
}

interface AttributeFieldsProps {
  readonly when: TargetCondition
  readonly errorOf: FieldError
  readonly onChange: (when: TargetCondition) => void
}

/** Required attributes of an order, added one at a time. */
function AttributeFields({ when, errorOf, onChange }: AttributeFieldsProps) {
  const { t } = useText()
  /** Attributes that were added but have no value yet. */
  const [added, setAdded] = useState<readonly (TextField | NumberField)[]>([])
  const isShown = (field: TextField | NumberField) => when[field] !== undefined || added.includes(field)
  const all = [...textConditions, ...numberConditions]
  const left = all.filter((field) => !isShown(field))
  const remove = (field: TextField | NumberField): void => {
    const { [field]: _before, ...rest } = when
    setAdded(added.filter((each) => each !== field))
    onChange(rest)
  }
  return (
    <>
      {all.filter(isShown).map((field) => {
        const label = t(`processes.condition.${field}`)
        return (
          <div key={field} className={styles['attribute']}>
            {isText(field) ? (
              <TextChoice
                field={field}
                label={label}
                value={when[field] ?? []}
                error={errorOf(`scope.when.${field}`)}
                onChange={(values) => {
                  if (!added.includes(field)) setAdded([...added, field])
                  const { [field]: _before, ...rest } = when
                  onChange(values.length === 0 ? rest : { ...rest, [field]: values })
                }}
              />
            ) : (
              <RangeInput
                label={label}
                value={when[field] ?? {}}
                error={errorOf(`scope.when.${field}`)}
                onChange={(range) => {
                  if (!added.includes(field)) setAdded([...added, field])
                  const { [field]: _before, ...rest } = when
                  onChange(Object.keys(range).length === 0 ? rest : { ...rest, [field]: range })
                }}
              />
            )}
            <ActionIcon
              variant="subtle"
              aria-label={t('alerts.removeCondition', { field: label })}
              onClick={() => remove(field)}
            >
              <Trash2 size={15} aria-hidden />
            </ActionIcon>
          </div>
        )
      })}
      {left.length > 0 && (
        <NativeSelect
          aria-label={t('alerts.addCondition')}
          value=""
          data={[
            { value: '', label: t('alerts.addCondition') },
            ...left.map((field) => ({ value: field, label: t(`processes.condition.${field}`) })),
          ]}
          onChange={({ currentTarget }) => {
            const field = left.find((each) => each === currentTarget.value)
            if (field !== undefined) setAdded([...added, field])
          }}
        />
      )}
    </>
  )
}

function isText(field: TextField | NumberField): field is TextField {
  return textConditions.some((each) => each === field)
}

const suggested = ['customer', 'customerClass', 'product', 'department'] as const

interface TextChoiceProps {
  readonly field: TextField
  readonly label: string
  readonly value: readonly string[]
  readonly error: string | undefined
  readonly onChange: (values: string[]) => void
}

function TextChoice({ field, label, value, error, onChange }: TextChoiceProps) {
  const { t } = useText()
  const { site, actions } = useMe()
  const dimension = suggested.find((each) => each === field)
  const { data = [] } = useQuery({
    ...choicesQuery(site, dimension ?? 'department'),
    enabled: dimension !== undefined && actions.includes('numbers.read'),
  })
  return (
    <TagsInput
      label={label}
      description={t('alerts.starHint')}
      value={[...value]}
      data={dimension === undefined ? [] : data}
      error={error}
      limit={50}
      onChange={(values) => onChange(values.slice(0, maxCodes))}
      clearButtonProps={{ 'aria-label': t('processes.clear', { field: label }) }}
      acceptValueOnBlur
    />
  )
}

interface RangeInputProps {
  readonly label: string
  readonly value: NumberRange
  readonly error: string | undefined
  readonly onChange: (range: NumberRange) => void
}

function RangeInput({ label, value, error, onChange }: RangeInputProps) {
  const { t } = useText()
  const set = (end: keyof NumberRange, given: string | number): void => {
    const { [end]: _before, ...rest } = value
    onChange(given === '' ? rest : { ...rest, [end]: Number(given) })
  }
  return (
    <div>
      <div className={styles['range']}>
        <NumberInput
          label={t('processes.rangeFrom', { field: label })}
          value={value.from ?? ''}
          hideControls
          onChange={(given) => set('from', given)}
        />
        <NumberInput
          label={t('processes.rangeBelow', { field: label })}
          value={value.below ?? ''}
          hideControls
          onChange={(given) => set('below', given)}
        />
      </div>
      {error !== undefined && (
        <p className={styles['error']} role="alert">
          {error}
        </p>
      )}
      <p className={layout['meta']}>{t('alerts.rangeHint')}</p>
    </div>
  )
}
