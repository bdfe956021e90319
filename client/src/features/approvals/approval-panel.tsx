import { Button } from '@mantine/core'
import type { ApprovalDetail } from '@stagewatch/shared/contract/approvals.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { approvalQuery } from '../../api/approvals.ts'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import { ApprovalChain } from '../../components/approvals/approval-chain.tsx'
import card from '../../components/card.module.css'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { formatAmount } from '../../format/unit-text.ts'
import { instantText } from '../../format/instant-text.ts'
import { formatCount } from '../../format/quantity.ts'
import { useDurationText } from '../../format/use-duration-text.ts'
import { useText } from '../../locales/use-text.ts'
import styles from './approvals-page.module.css'
import { DecisionForm } from './decision-form.tsx'
import { TranslationsContext, useTranslated } from '../../api/translations.ts'

interface ApprovalPanelProps {
  readonly id: number
  /** Back to the list, on a phone. */
  readonly onBack: () => void
}

/** One approval: the order, what happens next, the chain, and the user's actions. */
export function ApprovalPanel({ id, onBack }: ApprovalPanelProps) {
  const { t } = useText()
  const { site } = useMe()
  const query = useQuery(approvalQuery(site, id))
  return (
    <>
      <Button variant="default" className={styles['back']} onClick={onBack}>
        {t('approvals.back')}
      </Button>
      <QueryBoundary query={query}>
        {(approval) => (
          <TranslationsContext value={approval.translations}>
            <Body approval={approval} now={serverTime(query.dataUpdatedAt)} />
          </TranslationsContext>
        )}
      </QueryBoundary>
    </>
  )
}

function Body({ approval, now }: { readonly approval: ApprovalDetail; readonly now: number }) {
  const { t, nameOf } = useText()
  const durationText = useDurationText()
  const { order, stage, stageName, dueAt, isOrderSeen, afterApproval, afterRejection, outcome, isAutomatic } = approval
  const isLate = dueAt !== undefined && dueAt <= now
  return (
    <section className={card['card']} aria-labelledby="approval-title">
      <div className={styles['head']}>
        <h2 id="approval-title" className={card['title']}>
          {order} · {stageName === undefined ? stage : nameOf(stageName)}
        </h2>
        {isLate && (
          <strong className={styles['late']}>{t('approvals.late', { duration: durationText(now - dueAt) })}</strong>
        )}
        {outcome !== undefined && (
          <strong>{t(`approvals.outcome.${isAutomatic && outcome === 'approved' ? 'automatic' : outcome}`)}</strong>
        )}
        {isOrderSeen && (
          <Link to="/orders/$order" params={{ order }}>
            {t('approvals.toOrder')}
          </Link>
        )}
      </div>
      <Facts approval={approval} now={now} />
      {outcome === undefined && (
        <>
          <h3 className={styles['subtitle']}>{t('approvals.after')}</h3>
          <ul className={styles['after']}>
            {afterApproval !== undefined && (
              <li>{t('approvals.afterApproval', { stage: nameOf(afterApproval.stageName) })}</li>
            )}
            <li>
              {afterRejection === undefined
                ? t('approvals.afterRejectionCancelled')
                : t('approvals.afterRejection', { stage: nameOf(afterRejection.stageName) })}
            </li>
          </ul>
        </>
      )}
      <h3 className={styles['subtitle']}>{t('approvals.chain')}</h3>
      <ApprovalChain approval={approval} now={now} />
      {(approval.mayDecide || approval.mayHandOver.length > 0) && <DecisionForm approval={approval} />}
    </section>
  )
}

function Facts({ approval, now }: { readonly approval: ApprovalDetail; readonly now: number }) {
  const { t, language } = useText()
  const { customer, product, quantity, priority, promisedAt, requester, waitingSince, dueAt } = approval
  const translated = useTranslated()
  const time = (at: number | undefined) => (at === undefined ? undefined : instantText(at, now, language))
  const facts = [
    [t('approvals.fact.customer'), customer],
    [t('approvals.fact.amount'), formatAmount(approval, language)],
    [t('approvals.fact.product'), product],
    [t('approvals.fact.quantity'), quantity === undefined ? undefined : formatCount(quantity, language)],
    [t('approvals.fact.priority'), priority],
    [t('approvals.fact.requester'), requester],
    [t('approvals.fact.waitingSince'), time(waitingSince)],
    [t('approvals.fact.limit'), time(dueAt)],
    [t('approvals.fact.promisedAt'), time(promisedAt)],
  ] as const
  return (
    <dl className={styles['facts']}>
      {facts.map(([label, value]) =>
        value === undefined ? null : (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{translated(value)}</dd>
          </div>
        ),
      )}
    </dl>
  )
}
