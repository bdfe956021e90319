import type { OrderDetail } from '@stagewatch/shared/contract/orders.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslated } from '../../api/translations.ts'
import { useMe } from '../../api/session.ts'
import card from '../../components/card.module.css'
import { StateChips } from '../../components/order/state-chips.tsx'
import { formatCount } from '../../format/quantity.ts'
import { softHyphens } from '../../format/soft-hyphens.ts'
import { useText } from '../../locales/use-text.ts'
import { relatedQuery } from './api.ts'
import styles from './order.module.css'

/** The customer's other open orders; renders nothing if there are none or if the user may not see the customer. */
export function RelatedOrders({ order: { order, customer } }: { readonly order: OrderDetail }) {
  const { t, language, nameOf } = useText()
  const { site, privacy } = useMe()
  const translated = useTranslated()
  const isKnown = customer !== undefined && privacy.customers !== 'masked'
  const { data } = useQuery({ ...relatedQuery(site, customer ?? ''), enabled: isKnown })
  const others = data?.orders.filter((other) => other.order !== order).slice(0, 5) ?? []
  if (!isKnown || data === undefined || others.length === 0) return null
  return (
    <section className={card['card']}>
      <h2 className={card['title']}>{t('order.related.title', { customer: translated(customer) })}</h2>
      <ul className={styles['related']}>
        {others.map((other) => (
          <li key={other.order}>
            <Link to="/orders/$order" params={{ order: other.order }}>
              {other.order}
            </Link>
            <span>{other.stageName === undefined ? other.stage : softHyphens(nameOf(other.stageName))}</span>
            <StateChips order={other} />
          </li>
        ))}
      </ul>
      <Link to="/orders" search={{ status: 'open', customer: [customer] }}>
        {t('order.related.all', { value: formatCount(data.total, language) })}
      </Link>
    </section>
  )
}
