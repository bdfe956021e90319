import type { ApprovalDetail, ApprovalStepView } from '@stagewatch/shared/contract/approvals.ts'
import { clsx } from 'clsx'
import { Check, CircleDashed, Clock, X } from 'lucide-react'
import { instantText } from '../../format/instant-text.ts'
import { useDepartmentNames } from '../../api/department-names.ts'
import { useText } from '../../locales/use-text.ts'
import styles from './approvals.module.css'
import { useTranslated } from '../../api/translations.ts'

type Approver = ApprovalStepView['approvers'][number]

interface ApprovalChainProps {
  readonly approval: ApprovalDetail
  /** Epoch ms. */
  readonly now: number
}

/** The steps of an approval: who decided when, who is being asked, and who comes next. */
export function ApprovalChain({ approval, now }: ApprovalChainProps) {
  const { t, language } = useText()
  const translated = useTranslated()
  const { steps, notes, requester, openedAt, isArchived } = approval
  return (
    <>
      <ol className={styles['chain']}>
        <li className={styles['done']}>
          <Check className={styles['mark']} size={16} aria-hidden />
          <p>
            <strong>{requester === undefined ? t('approvals.opened') : translated(requester)}</strong>
          </p>
          <p className={styles['meta']}>
            {requester !== undefined && `${t('approvals.requested')} · `}
            {instantText(openedAt, now, language)}
          </p>
        </li>
        {steps.map((step, place) => (
          // Steps have no identifier; their index identifies them.
          // oxlint-disable-next-line react/no-array-index-key
          <Step key={place} step={step} now={now} />
        ))}
      </ol>
      {isArchived === true && <p className={styles['meta']}>{t('approvals.archived')}</p>}
      {notes.length > 0 && (
        <ul className={styles['notes']}>
          {notes.map((note) => (
            <li key={`${note.kind} ${note.at} ${note.to ?? ''}`}>
              {t(`approvals.note.${note.kind}`, {
                by: note.by === undefined ? t('approvals.somebody') : translated(note.by),
                to: note.to === undefined ? t('approvals.somebody') : translated(note.to),
              })}
              {note.comment !== undefined && t('approvals.quoted', { text: note.comment })}{' '}
              <span className={styles['meta']}>{instantText(note.at, now, language)}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function Step({ step, now }: { readonly step: ApprovalStepView; readonly now: number }) {
  const { t, language } = useText()
  const { status, quorum, requiredCount, approvers, deputy } = step
  const isRejected = approvers.some(({ decision }) => decision?.outcome === 'rejected')
  const Icon = isRejected ? X : status === 'done' ? Check : status === 'current' ? Clock : CircleDashed
  return (
    <li className={clsx(styles[status], isRejected && styles['rejected'])}>
      <Icon className={styles['mark']} size={16} aria-hidden />
      <p className={styles['meta']}>
        {t(`approvals.step.${status}`)}
        {approvers.length > 1 && ` · ${t(`approvals.quorum.${quorum}`, { count: requiredCount })}`}
      </p>
      {approvers.map((approver, place) => (
        // Approvers are only ever added at the end.
        // oxlint-disable-next-line react/no-array-index-key
        <ApproverLine key={place} approver={approver} deputy={deputy} now={now} />
      ))}
      {status === 'current' && step.since !== undefined && (
        <p className={styles['meta']}>{t('approvals.since', { time: instantText(step.since, now, language) })}</p>
      )}
    </li>
  )
}

interface ApproverLineProps {
  readonly approver: Approver
  readonly deputy: string | undefined
  readonly now: number
}

function ApproverLine({ approver, deputy, now }: ApproverLineProps) {
  const { t, language } = useText()
  const translated = useTranslated()
  const { decision, delegate, isAdded, isTimedOut, isYou, timesOutAt } = approver
  const name = useApproverName()(approver)
  const details = [
    isAdded ? t('approvals.added') : undefined,
    delegate === undefined ? undefined : t('approvals.delegatedTo', { name: translated(delegate) }),
    decision === undefined ? undefined : decisionText(decision),
    isTimedOut && deputy !== undefined && decision === undefined
      ? t('approvals.deputyMay', { name: translated(deputy) })
      : undefined,
    timesOutAt !== undefined && !isTimedOut && deputy !== undefined
      ? t('approvals.deputyFrom', { name: translated(deputy), time: instantText(timesOutAt, now, language) })
      : undefined,
  ].filter((detail) => detail !== undefined)
  return (
    <div>
      <p>
        <strong>{isYou ? t('approvals.you', { name }) : name}</strong>
      </p>
      {details.map((detail) => (
        <p key={detail} className={styles['meta']}>
          {detail}
        </p>
      ))}
      {decision?.comment !== undefined && (
        <p className={styles['comment']}>{t('approvals.quoted', { text: decision.comment })}</p>
      )}
    </div>
  )

  function decisionText({ outcome, by, onBehalfOf, at, how }: NonNullable<Approver['decision']>): string {
    const parts = [
      t(`approvals.decision.${outcome}`),
      instantText(at, now, language),
      onBehalfOf !== undefined && by !== undefined
        ? t('approvals.onBehalf', { by: translated(by), name: translated(onBehalfOf) })
        : by && translated(by),
      how === 'link' ? t('approvals.byLink') : undefined,
    ]
    return parts.filter((part) => part !== undefined).join(' · ')
  }
}

/** The name of an approver, as far as the site's privacy settings allow it. */
export function useApproverName(): (approver: Pick<Approver, 'name' | 'leadOf'>) => string {
  const { t } = useText()
  const { nameOf } = useDepartmentNames()
  const translated = useTranslated()
  return ({ name, leadOf }) =>
    leadOf === undefined
      ? name === undefined
        ? t('approvals.somebody')
        : translated(name)
      : t('approvals.leadOf', { department: nameOf(leadOf) })
}
