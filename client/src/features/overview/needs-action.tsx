import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { OverviewAnswer } from '@stagewatch/shared/contract/overview.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { FileWarning } from 'lucide-react'
import { memo, type ReactNode } from 'react'
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
  /** Undefined: not there yet, or the site has none. */
  readonly board: Board | undefined
  readonly filters: Filters
}

/** What somebody has to do something about, each with the way to it. */
export const NeedsAction = memo(function NeedsAction({ overview, board, filters }: NeedsActionProps) {
  const { t, language, nameOf } = useOverviewText()
  const { site, actions } = useMe()
  const ago = useAgo()
  const rejected = useQuery({ ...rejectedQuery(site), enabled: actions.includes('site.manage') }).data?.total ?? 0
  const count = (value: number): string => formatCount(value, language)
  const late = Object.entries(board?.sources ?? {}).filter(([, source]) => source.late)
  const moreLate = board?.moreSources?.lateCount ?? 0
  const { unclaimed } = overview.overdue
  const { count: stalled } = overview.stalled
  const isQuiet = unclaimed + stalled + late.length + moreLate + rejected === 0
  return (
    <section className={card['card']} aria-labelledby="needs-action">
      <h2 id="needs-action" className={card['title']}>
        {t('overview.needsAction')}
      </h2>
      {isQuiet && <p className={styles['nothing']}>{t('overview.nothingToDo')}</p>}
      <ul>
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
          <Item icon={<FileWarning size={16} aria-hidden />} text={t('overview.rejected')} value={count(rejected)} />
        )}
      </ul>
    </section>
  )
})

/** The stage whose orders are not told of while the source is silent; undefined: none, or several. */
function stageFedBy(board: Board | undefined, source: string): string | undefined {
  const fed = Object.entries(board?.stages ?? {}).filter(([, { lateSource }]) => lateSource === source)
  return fed.length === 1 ? fed[0]?.[0] : undefined
}

interface ItemProps {
  /** Where the list shows what it is about; undefined: the page of sources does. */
  readonly orders?: OrdersChoice
  readonly icon: ReactNode
  readonly text: string
  readonly value: string
}

function Item({ orders, icon, text, value }: ItemProps) {
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
        <Link to="/sources" className={styles['item']}>
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
