import type { NumberRange, TargetCondition } from '@stagewatch/shared/domain/target-rule.ts'
import { useText } from '../../../locales/use-text.ts'
import { withField } from '../draft-edits.ts'
import type { ReadText } from '../use-committed-text.ts'
import { useFieldText } from '../use-field-text.ts'
import { CommittedField } from './fields.tsx'

const noCondition: TargetCondition = {}

interface AmountFieldProps {
  readonly label: string
  readonly condition: TargetCondition | undefined
  /** Which bound of the amount the field is. */
  readonly bound: keyof NumberRange
  readonly onChange: (condition: TargetCondition | undefined) => void
}

/** One bound of the amount of a condition. The other criteria of the condition are shown below and kept. */
export function AmountField({ label, condition = noCondition, bound, onChange }: AmountFieldProps) {
  const { t } = useText()
  const { conditionText } = useFieldText()
  const { amount = {}, ...others } = condition
  const value = amount[bound]
  const rest = withField(amount, bound, undefined)
  const hasMore = Object.keys(others).length > 0 || Object.keys(rest).length > 0
  const read = (text: string): ReadText<number | undefined> => {
    const words = text.normalize('NFKC').replaceAll(/[\s,]/g, '')
    if (words === '') return { value: undefined }
    const number = Number(words)
    if (!Number.isFinite(number)) return { error: t('processes.numberWrong') }
    const { from = -Infinity, below = Infinity } = withField(amount, bound, number)
    return from < below ? { value: number } : { error: t('fieldProblem.empty_range') }
  }
  return (
    <CommittedField
      label={label}
      description={hasMore ? conditionText(condition) : undefined}
      placeholder={t('processes.none')}
      text={value === undefined ? '' : String(value)}
      read={read}
      onCommit={(number) => {
        const range = withField(amount, bound, number)
        const next = withField(condition, 'amount', Object.keys(range).length === 0 ? undefined : range)
        onChange(Object.keys(next).length === 0 ? undefined : next)
      }}
    />
  )
}
