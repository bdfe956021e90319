import { ActionIcon, NativeSelect } from '@mantine/core'
import { maxApprovers, maxTimeoutMs, minTimeoutMs } from '@stagewatch/shared/contract/approval-flow.ts'
import type { ApprovalStep, Approver } from '@stagewatch/shared/domain/approvals/approval-flow.ts'
import { Trash2 } from 'lucide-react'
import { useText } from '../../../locales/use-text.ts'
import { withField } from '../draft-edits.ts'
import { useProcess } from '../process-context.ts'
import { AmountField } from './amount-field.tsx'
import { DurationField } from './fields.tsx'
import styles from './inspector.module.css'
import { valueOf, type ApproverChoice } from './use-approver-choices.ts'

interface ApprovalStepFieldsProps {
  readonly step: ApprovalStep
  readonly number: number
  readonly choices: readonly ApproverChoice[]
  readonly onChange: (step: ApprovalStep) => void
  readonly onRemove: () => void
}

/** The approvers of one step, and how many of them have to approve. */
export function ApprovalStepFields({ step, number, choices, onChange, onRemove }: ApprovalStepFieldsProps) {
  const { t } = useText()
  const { dispatch, nameOfDepartment } = useProcess()
  const { approvers, quorum, timeout, when } = step
  const nameOfApprover = (approver: Approver): string =>
    choices.find(({ value }) => value === valueOf(approver))?.label ??
    (approver.kind === 'lead'
      ? t('approvals.leadOf', { department: nameOfDepartment(approver.department) })
      : t('approvals.somebody'))
  const isAsked = (value: string): boolean => approvers.some((approver) => valueOf(approver) === value)
  const others = choices.filter(({ value, isOffered }) => isOffered && !isAsked(value))
  const people = choices.flatMap(({ value, approver, label, isOffered }) => {
    const isDeputy = approver.kind === 'person' && approver.id === timeout?.deputy
    const mayDecide = isDeputy || (isOffered && !isAsked(value))
    return approver.kind === 'person' && mayDecide ? [{ value: approver.id, label }] : []
  })
  const isDeputyUnknown = timeout !== undefined && people.every(({ value }) => value !== timeout.deputy)
  const isReadOnly = dispatch === undefined
  const setApprovers = (next: readonly Approver[]): void =>
    onChange({ ...step, approvers: next, quorum: fitting(quorum, next.length) })
  return (
    <div className={styles['ruleEditor']}>
      <h4>{t('approvals.flow.step', { number })}</h4>
      <ul>
        {approvers.map((approver) => (
          <li key={valueOf(approver)} className={styles['approver']}>
            {nameOfApprover(approver)}
            {!isReadOnly && approvers.length > 1 && (
              <ActionIcon
                variant="subtle"
                size={36}
                aria-label={t('approvals.flow.remove', { name: nameOfApprover(approver) })}
                onClick={() => setApprovers(approvers.filter((other) => other !== approver))}
              >
                <Trash2 size={15} aria-hidden />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
      <div className={styles['fields']}>
        {!isReadOnly && others.length > 0 && approvers.length < maxApprovers && (
          <NativeSelect
            label={t('approvals.flow.addApprover')}
            value=""
            data={[
              { value: '', label: t('approvals.flow.choose') },
              ...others.map(({ value, label }) => ({ value, label })),
            ]}
            onChange={({ currentTarget: { value } }) => {
              const chosen = others.find((one) => one.value === value)
              if (chosen !== undefined) setApprovers([...approvers, chosen.approver])
            }}
          />
        )}
        <NativeSelect
          label={t('approvals.flow.quorum')}
          value={quorum.kind === 'count' ? String(quorum.count) : quorum.kind}
          disabled={isReadOnly}
          data={[
            { value: 'any', label: t('approvals.quorum.any') },
            { value: 'all', label: t('approvals.quorum.all') },
            ...approvers.slice(1, -1).map((_, at) => ({
              value: String(at + 2),
              label: t('approvals.quorum.count', { count: at + 2 }),
            })),
          ]}
          onChange={({ currentTarget: { value } }) =>
            onChange({
              ...step,
              quorum: value === 'any' || value === 'all' ? { kind: value } : { kind: 'count', count: Number(value) },
            })
          }
        />
        <AmountField
          label={t('approvals.flow.onlyFrom')}
          condition={when}
          bound="from"
          onChange={(next) => onChange(withField(step, 'when', next))}
        />
        {(timeout !== undefined || people.length > 0) && (
          <DurationField
            label={t('approvals.flow.timeout')}
            value={timeout?.afterMs}
            onChange={(afterMs) => {
              const deputy = timeout?.deputy ?? people[0]?.value
              const next =
                afterMs === undefined || deputy === undefined
                  ? undefined
                  : { afterMs: Math.min(Math.max(afterMs, minTimeoutMs), maxTimeoutMs), deputy }
              onChange(withField(step, 'timeout', next))
            }}
          />
        )}
        {timeout !== undefined && (
          <NativeSelect
            label={t('approvals.flow.deputy')}
            value={timeout.deputy}
            disabled={isReadOnly}
            data={[...(isDeputyUnknown ? [{ value: timeout.deputy, label: t('approvals.somebody') }] : []), ...people]}
            onChange={({ currentTarget: { value } }) => onChange({ ...step, timeout: { ...timeout, deputy: value } })}
          />
        )}
      </div>
      {!isReadOnly && (
        <button type="button" className={styles['textButton']} onClick={onRemove}>
          <Trash2 size={14} aria-hidden /> {t('approvals.flow.removeStep', { number })}
        </button>
      )}
    </div>
  )
}

/** Limits the quorum to the number of approvers. */
function fitting(quorum: ApprovalStep['quorum'], most: number): ApprovalStep['quorum'] {
  return quorum.kind === 'count' && quorum.count >= most ? { kind: 'all' } : quorum
}
