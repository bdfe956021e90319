import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { OverviewAnswer } from '@stagewatch/shared/contract/overview.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowRightLeft, BellRing, FileWarning, Stamp } from 'lucide-react'
import { memo, type ReactNode } from 'react'
import { alertCountsQuery } from '../../api/alerts.ts'
import { approvalsQuery } from '../../api/approvals.ts'
import { waitingHandoversQuery } from '../../api/handovers.ts'
import { useMe } from '../../api/session.ts'
import card from '../../components/card.module.css'
import { Icon } from '../../components/icon.tsx'
import { StatusGlyph } from '../../components/status-glyph.tsx'
import { useAgo } from '../../format/instant-text.ts'
import { formatCount } from '../../format/quantity.ts'
import { rejectedQuery } from './api.ts'
import styles from './needs-action.module.css'
import { OrdersLink, type OrdersChoice } from '../../components/order/orders-link.tsx'
import type { Filters } from '../../components/filters/filter-search.ts'
import { useOverviewText } from './use-overview-text.ts'

interface NeedsActionProps {
  readonly overview: OverviewAnswer
  /** Undefined: not loaded yet, or the site has none. */
  readonly board: Board | undefined
  readonly filters: Filters
}

/** Issues that need action, each with a link. */
export const NeedsAction = memo(function NeedsAction({ overview, board, filters }: NeedsActionProps) {
  const { t, language, nameOf } = useOverviewText()
  const { site, actions, kind } = useMe()
  const ago = useAgo()
  const rejected = useQuery({ ...rejectedQuery(site), enabled: actions.includes('site.manage') }).data?.total ?? 0
  const alerts =
    useQuery({ ...alertCountsQuery(site), enabled: actions.includes('orders.read') }).data?.waitingCount ?? 0
  const approvals = useQuery({ ...approvalsQuery(site, 'waiting'), enabled: kind === 'person' }).data?.waitingCount ?? 0
  const handovers =
    useQuery({ ...waitingHandoversQuery(site), enabled: actions.includes('orders.read') }).data?.waitingCount ?? 0
  const count = (value: number): string => formatCount(value, language)
  const late = Object.entries(board?.sources ?? {}).filter(([, source]) => source.late)
  const moreLate = board?.moreSources?.lateCount ?? 0
  const { unclaimed } = overview.overdue
  const { count: stalled } = overview.stalled
  const isQuiet = unclaimed + stalled + late.length + moreLate + rejected + alerts + approvals + handovers === 0
  return (
    <section className={card['card']} aria-labelledby="needs-action">
      <h2 id="needs-action" className={card['title']}>
        {t('overview.needsAction')}
      </h2>
      {isQuiet && <p className={styles['nothing']}>{t('overview.nothingToDo')}</p>}
      <ul>
        {alerts > 0 && (
          <Item
            to="/alerts"
            icon={<BellRing size={16} aria-hidden />}
            text={t('alerts.waiting')}
            value={count(alerts)}
          />
        )}
        {approvals > 0 && (
          <Item
            to="/approvals"
            icon={<Stamp size={16} aria-hidden />}
            text={t('overview.approvals')}
            value={count(approvals)}
          />
        )}
        {handovers > 0 && (
          <Item
            to="/handover"
            icon={<ArrowRightLeft size={16} aria-hidden />}
            text={t('handover.waitingOnes')}
            value={count(handovers)}
          />
        )}
        {unclaimed > 0 && (
          <Item
            orders={{ status: 'unclaimed', ...filters }}
            icon={<Icon name="unclaimed" />}
            text={t('overview.unclaimed')}
            value={count(unclaimed)}
          />
        )}
        {stalled > 0 && (
          <Item
            orders={{ status: 'stalled', ...filters }}
            icon={<StatusGlyph state="stalled" />}
            text={t('overview.stalledOrders')}
            value={count(stalled)}
          />
        )}
        {late.map(([code, source]) => (
          <Item
            key={code}
            orders={{ status: 'open', stage: stageFedBy(board, code), ...filters }}
            icon={<Icon name="clock" />}
            text={t('overview.lateSource', { name: nameOf(source.name) })}
            value={ago(source.lastReceivedAt, overview.asOf)}
          />
        ))}
        {moreLate > 0 && (
          <Item
            orders={{ status: 'open', ...filters }}
            icon={<Icon name="clock" />}
            text={t('overview.moreLateSources')}
            value={count(moreLate)}
          />
        )}
        {rejected > 0 && (
          <Item
            to="/sources"
            icon={<FileWarning size={16} aria-hidden />}
            text={t('overview.rejected')}
            value={count(rejected)}
          />
        )}
      </ul>
    </section>
  )
})

/** The stage that gets no updates while the source is silent. Undefined: none, or several. */
function stageFedBy(board: Board | undefined, source: string): string | undefined {
  const fed = Object.entries(board?.stages ?? {}).filter(([, { lateSource }]) => lateSource === source)
  return fed.length === 1 ? fed[0]?.[0] : undefined
}

interface ItemProps {
  /** Filter of the order list that shows the issue; otherwise the link leads to a page. */
  readonly orders?: OrdersChoice
  readonly to?: '/alerts' | '/approvals' | '/handover' | '/sources'
  readonly icon: ReactNode
  readonly text: string
  readonly value: string
}

function Item({ orders, to = '/sources', icon, text, value }: ItemProps) {
  const content = (
    <>
      {icon}
      <span>{text}</span>
      <strong>{value}</strong>
    </>
  )
  return (
    <li>
      {orders === undefined ? (
        <Link to={to} search={to === '/handover' ? { state: 'waiting' } : {}} className={styles['item']}>
          {content}
        </Link>
      ) : (
        <OrdersLink choice={orders} className={styles['item']}>
          {content}
        </OrdersLink>
      )}
    </li>
  )
}
