import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { orderApprovalsQuery } from '../../api/approvals.ts'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import { TranslationsContext } from '../../api/translations.ts'
import { useText } from '../../locales/use-text.ts'
import card from '../card.module.css'
import { ApprovalChain } from './approval-chain.tsx'

/** The running approval of an order, otherwise the last one; renders nothing if there are none. */
export function OrderApprovals({ order }: { readonly order: string }) {
  const { t, nameOf } = useText()
  const { site } = useMe()
  const query = useQuery(orderApprovalsQuery(site, order))
  const approval = query.data?.approvals[0]
  if (approval === undefined) return null
  const { id, stage, stageName, outcome, isAutomatic } = approval
  return (
    <section className={card['card']} aria-labelledby="order-approvals">
      <h2 id="order-approvals" className={card['title']}>
        {t('approvals.ofOrder', { stage: stageName === undefined ? stage : nameOf(stageName) })}{' '}
        <span className={card['titleNote']}>
          {t(`approvals.outcome.${isAutomatic && outcome === 'approved' ? 'automatic' : (outcome ?? 'running')}`)}
        </span>
      </h2>
      <TranslationsContext value={query.data?.translations}>
        <ApprovalChain approval={approval} now={serverTime(query.dataUpdatedAt)} />
      </TranslationsContext>
      <Link to="/approvals" search={{ approval: String(id) }}>
        {t('approvals.open')}
      </Link>
    </section>
  )
}
