import { NativeSelect, NumberInput } from '@mantine/core'
import type { AlertRuleRequest } from '@stagewatch/shared/contract/alert-rules.ts'
import type { AlertCondition, MeasureCondition } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { factsOf, measures } from '@stagewatch/shared/domain/alerts/measures.ts'
import { useText } from '../../../locales/use-text.ts'
import { DurationInput } from './duration-input.tsx'
import { conditionKinds, conditionOf, measureOf, thresholdOf, withCondition } from './rule-values.ts'
import styles from './rules.module.css'

/** The error of a field of a rule, by its path. */
export type FieldError = (path: string) => string | undefined

interface ConditionFieldsProps {
  readonly values: AlertRuleRequest
  readonly errorOf: FieldError
  readonly onChange: (values: AlertRuleRequest) => void
}

/** The condition as a sentence with inputs. */
export function ConditionFields({ values, errorOf, onChange }: ConditionFieldsProps) {
  const { t } = useText()
  const { condition } = values
  const set = (next: AlertCondition): void => onChange(withCondition(values, next))
  return (
    <div className={styles['sentence']}>
      <NativeSelect
        aria-label={t('alerts.field.condition')}
        value={condition.kind}
        data={conditionKinds.map((kind) => ({ value: kind, label: t(`alerts.kind.${kind}`) }))}
        onChange={({ currentTarget }) => {
          const kind = conditionKinds.find((each) => each === currentTarget.value)
          if (kind !== undefined) set(conditionOf(kind))
        }}
      />
      <Details condition={condition} errorOf={errorOf} onChange={set} />
    </div>
  )
}

interface DetailsProps {
  readonly condition: AlertCondition
  readonly errorOf: FieldError
  readonly onChange: (condition: AlertCondition) => void
}

function Details({ condition, errorOf, onChange }: DetailsProps) {
  const { t } = useText()
  switch (condition.kind) {
    case 'target':
      return (
        <>
          <span>{t('alerts.pick.reaches')}</span>
          <ShareInput
            label={t('alerts.field.ratio')}
            value={condition.ratio}
            error={errorOf('condition.ratio')}
            onChange={(ratio) => onChange({ ...condition, ratio })}
          />
        </>
      )
    case 'pastTarget':
    case 'held':
      return (
        <>
          <span>{t('alerts.pick.for')}</span>
          <DurationInput
            label={t('alerts.field.afterMs')}
            value={condition.afterMs}
            clock="working"
            error={errorOf('condition.afterMs')}
            onChange={(afterMs) => onChange({ ...condition, afterMs })}
          />
        </>
      )
    case 'stalled': {
      const { afterMs, clock } = condition
      return (
        <>
          <NativeSelect
            aria-label={t('alerts.field.clock')}
            value={afterMs === undefined ? 'stage' : clock}
            data={(['stage', 'working', 'elapsed'] as const).map((value) => ({
              value,
              label: t(`alerts.stalledBy.${value}`),
            }))}
            onChange={({ currentTarget: { value } }) => {
              if (value === 'stage') onChange({ kind: 'stalled', clock: 'working' })
              else
                onChange({
                  kind: 'stalled',
                  afterMs: afterMs ?? 4 * 3_600_000,
                  clock: value === 'elapsed' ? value : 'working',
                })
            }}
          />
          {afterMs !== undefined && (
            <DurationInput
              label={t('alerts.field.afterMs')}
              value={afterMs}
              clock={clock}
              error={errorOf('condition.afterMs')}
              onChange={(next) => onChange({ ...condition, afterMs: next })}
            />
          )}
        </>
      )
    }
    case 'noNews':
      return (
        <>
          <span>{t('alerts.pick.for')}</span>
          <DurationInput
            label={t('alerts.field.afterMs')}
            value={condition.afterMs}
            clock="elapsed"
            error={errorOf('condition.afterMs')}
            onChange={(afterMs) => onChange({ ...condition, afterMs })}
          />
        </>
      )
    case 'promise':
      return (
        <>
          <span>{t('alerts.pick.within')}</span>
          <DurationInput
            label={t('alerts.field.leadMs')}
            value={condition.leadMs}
            clock="elapsed"
            error={errorOf('condition.leadMs')}
            onChange={(leadMs) => onChange({ ...condition, leadMs })}
          />
        </>
      )
    case 'unclaimed':
      return (
        <>
          <NativeSelect
            aria-label={t('alerts.field.since')}
            value={condition.since}
            data={(['overdue', 'entered'] as const).map((value) => ({ value, label: t(`alerts.sinceWhen.${value}`) }))}
            onChange={({ currentTarget: { value } }) =>
              onChange({ ...condition, since: value === 'entered' ? value : 'overdue' })
            }
          />
          <DurationInput
            label={t('alerts.field.afterMs')}
            value={condition.afterMs}
            clock="working"
            error={errorOf('condition.afterMs')}
            onChange={(afterMs) => onChange({ ...condition, afterMs })}
          />
        </>
      )
    case 'measure':
      return <MeasureDetails condition={condition} errorOf={errorOf} onChange={onChange} />
  }
}

interface MeasureDetailsProps extends DetailsProps {
  readonly condition: MeasureCondition
}

function MeasureDetails({ condition, errorOf, onChange }: MeasureDetailsProps) {
  const { t } = useText()
  const { measure, clearAt, forMs } = condition
  const { unit, sides } = factsOf(measure)
  const { side, value } = thresholdOf(condition)
  const Value = unit === 'ratio' ? ShareInput : unit === 'ms' ? ElapsedInput : PlainInput
  const isOnWrongSide = side === 'above' ? clearAt > value : clearAt < value
  return (
    <>
      <NativeSelect
        aria-label={t('alerts.field.measure')}
        value={measure}
        data={(['stage', 'process', 'source'] as const).map((of) => ({
          group: t(`alerts.measureOf.${of}`),
          items: measures
            .filter((each) => factsOf(each).of === of)
            .map((each) => ({ value: each, label: t(`alerts.measure.${each}`) })),
        }))}
        onChange={({ currentTarget }) => {
          const next = measures.find((each) => each === currentTarget.value)
          if (next !== undefined) onChange(measureOf(next))
        }}
      />
      {sides.length === 1 ? (
        <span>{t(`alerts.pick.${side}`)}</span>
      ) : (
        <NativeSelect
          aria-label={t('alerts.field.side')}
          value={side}
          data={sides.map((each) => ({ value: each, label: t(`alerts.pick.${each}`) }))}
          onChange={({ currentTarget }) => {
            const next = sides.find((each) => each === currentTarget.value)
            if (next !== undefined) onChange({ ...measureOf(measure, next), forMs })
          }}
        />
      )}
      <Value
        key={`${measure} ${side}`}
        label={t(`alerts.field.${side}`)}
        value={value}
        error={errorOf(`condition.${side}`)}
        onChange={(next) => onChange({ ...condition, [side]: next })}
      />
      <span>{t('alerts.pick.for')}</span>
      <DurationInput
        label={t('alerts.field.forMs')}
        value={forMs}
        clock="elapsed"
        error={errorOf('condition.forMs')}
        onChange={(next) => onChange({ ...condition, forMs: next })}
      />
      <span>{t(`alerts.pick.until.${side}`)}</span>
      <Value
        key={`${measure} ${side} clear`}
        label={t('alerts.field.clearAt')}
        value={clearAt}
        error={
          errorOf('condition.clearAt') !== undefined && isOnWrongSide
            ? t(`alerts.clearAtWrong.${side}`)
            : errorOf('condition.clearAt')
        }
        onChange={(next) => onChange({ ...condition, clearAt: next })}
      />
    </>
  )
}

interface ValueInputProps {
  readonly label: string
  /** NaN while the field is empty, which every rule rejects. */
  readonly value: number
  readonly error: string | undefined
  readonly onChange: (value: number) => void
}

/** A ratio, entered as a percentage. */
function ShareInput({ label, value, error, onChange }: ValueInputProps) {
  return (
    <NumberInput
      className={styles['value']}
      aria-label={label}
      value={Number.isNaN(value) ? '' : Math.round(value * 1_000) / 10}
      min={0}
      suffix="%"
      clampBehavior="none"
      hideControls
      decimalScale={1}
      error={error}
      onChange={(given) => onChange(given === '' ? Number.NaN : Math.round(Number(given) * 10) / 1_000)}
    />
  )
}

function PlainInput({ label, value, error, onChange }: ValueInputProps) {
  return (
    <NumberInput
      className={styles['value']}
      aria-label={label}
      value={Number.isNaN(value) ? '' : value}
      min={0}
      clampBehavior="none"
      hideControls
      error={error}
      onChange={(given) => onChange(given === '' ? Number.NaN : Number(given))}
    />
  )
}

/** A duration by the calendar, nights and weekends included. */
function ElapsedInput(props: ValueInputProps) {
  return <DurationInput {...props} clock="elapsed" />
}
