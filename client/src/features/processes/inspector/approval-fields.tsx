import { NativeSelect } from '@mantine/core'
import { maxApprovalSteps } from '@stagewatch/shared/contract/approval-flow.ts'
import type { ApprovalFlow, ApprovalStep } from '@stagewatch/shared/domain/approvals/approval-flow.ts'
import type { StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { Plus } from 'lucide-react'
import layout from '../../../components/layout/layout.module.css'
import { useText } from '../../../locales/use-text.ts'
import { withField } from '../draft-edits.ts'
import { useProcess } from '../process-context.ts'
import { AmountField } from './amount-field.tsx'
import { ApprovalStepFields } from './approval-step-fields.tsx'
import { Section } from './fields.tsx'
import styles from './inspector.module.css'
import { useApproverChoices, type ApproverChoice } from './use-approver-choices.ts'

interface ApprovalFieldsProps {
  readonly stage: StageDefinition
  readonly onChange: (approval: ApprovalFlow | undefined) => void
}

/** Who has to approve an order in the stage before it moves on. */
export function ApprovalFields({ stage, onChange }: ApprovalFieldsProps) {
  const { t, nameOf } = useText()
  const { dispatch, definition } = useProcess()
  const choices = useApproverChoices()
  const { approval } = stage
  const offered = choices.filter(({ isOffered }) => isOffered)
  const isOfDepartment = ({ approver }: ApproverChoice): boolean =>
    approver.kind === 'lead' && approver.department === stage.department
  const first = offered.find(isOfDepartment) ?? offered[0]
  const place = definition.stages.findIndex(({ code }) => code === stage.code)
  const earlier = definition.stages.slice(0, place)
  const isLast = stage.terminal === true || place === definition.stages.length - 1
  const mayAdd =
    dispatch !== undefined && !isLast && first !== undefined && (approval?.steps.length ?? 0) < maxApprovalSteps
  // The stage was moved or deleted in the meantime; the server rejects a draft that returns to it.
  const lost = earlier.some(({ code }) => code === approval?.returnTo) ? undefined : approval?.returnTo
  const backTo = (code: string): string => {
    const { name } = definition.stages.find((each) => each.code === code) ?? { name: { en: code } }
    return t('approvals.flow.backTo', { stage: nameOf(name) })
  }
  const setSteps = (flow: ApprovalFlow | undefined, steps: readonly ApprovalStep[]): void =>
    onChange(steps.length === 0 ? undefined : { ...flow, steps })
  return (
    <Section
      title={t('processes.field.approval')}
      action={
        mayAdd && (
          <button
            type="button"
            className={styles['textButton']}
            onClick={() =>
              setSteps(approval, [...(approval?.steps ?? []), { approvers: [first.approver], quorum: { kind: 'any' } }])
            }
          >
            <Plus size={14} aria-hidden /> {t('approvals.flow.addStep')}
          </button>
        )
      }
    >
      <p className={layout['meta']}>
        {t(isLast ? 'approvals.flow.last' : approval === undefined ? 'approvals.flow.none' : 'approvals.flow.hint')}
      </p>
      {approval?.steps.map((step, at) => (
        <ApprovalStepFields
          // A step has no name; its index identifies it.
          // oxlint-disable-next-line react/no-array-index-key
          key={at}
          step={step}
          number={at + 1}
          choices={choices}
          onChange={(changed) => setSteps(approval, approval.steps.with(at, changed))}
          onRemove={() => setSteps(approval, approval.steps.toSpliced(at, 1))}
        />
      ))}
      {approval !== undefined && (
        <div className={styles['fields']}>
          <NativeSelect
            label={t('approvals.flow.returnTo')}
            value={approval.returnTo ?? ''}
            disabled={dispatch === undefined}
            data={[
              { value: '', label: t('approvals.flow.cancel') },
              ...earlier.map(({ code }) => ({ value: code, label: backTo(code) })),
              ...(lost === undefined ? [] : [{ value: lost, label: backTo(lost) }]),
            ]}
            error={lost === undefined ? undefined : t('approvals.flow.notEarlier')}
            onChange={({ currentTarget: { value } }) =>
              onChange(withField(approval, 'returnTo', value === '' ? undefined : value))
            }
          />
          <AmountField
            label={t('approvals.flow.automaticBelow')}
            condition={approval.approveWhen}
            bound="below"
            onChange={(approveWhen) => onChange(withField(approval, 'approveWhen', approveWhen))}
          />
        </div>
      )}
    </Section>
  )
}
