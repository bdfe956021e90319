import type { OrderDetail } from '@stagewatch/shared/contract/orders.ts'
import type { Alongside } from '@stagewatch/shared/contract/order-summary.ts'
import { clsx } from 'clsx'
import { Fragment, type ReactNode } from 'react'
import { useTranslated } from '../../api/translations.ts'
import card from '../../components/card.module.css'
import { instantText } from '../../format/instant-text.ts'
import { formatAmount } from '../../format/unit-text.ts'
import { formatCount, missing } from '../../format/quantity.ts'
import { useDurationText } from '../../format/use-duration-text.ts'
import { useText } from '../../locales/use-text.ts'
import { lastVisitOf } from './further-parts.ts'
import styles from './order.module.css'
import { OwnerCell, StateChips, useAcknowledgementText } from '../../components/order/state-chips.tsx'

const minuteMs = 60_000

/** The subject, stage, owner and promised date of an order. */
export function OrderFacts({ order }: { readonly order: OrderDetail }) {
  const { t, language } = useText()
  const translated = useTranslated()
  const { customer, customerClass, product, quantity, priority, department, waybill, asOf } = order
  const goods = [product && translated(product), quantity === undefined ? undefined : formatCount(quantity, language)]
  const about = [
    goods.filter((part) => part !== undefined).join(' × '),
    formatAmount(order, language),
    customerClass === undefined ? undefined : t('order.customerClass', { customerClass }),
    priority === undefined ? undefined : t('order.priority', { priority: translated(priority) }),
    department && translated(department),
    waybill === undefined ? undefined : t('order.waybill', { number: waybill }),
  ].filter((part) => part !== undefined && part !== '')
  const counts = [
    order.reopenedCount > 0 ? t('order.reopened', { count: order.reopenedCount }) : undefined,
    order.complaintCount > 0 ? t('order.complaints', { count: order.complaintCount }) : undefined,
  ].filter((part) => part !== undefined)
  return (
    <section className={clsx(card['card'], styles['facts'])} aria-label={t('order.facts')}>
      <div className={styles['about']}>
        <p className={styles['number']}>
          <span>{order.order}</span> <StateChips order={order} hasDurations />
        </p>
        {order.heldUntil !== undefined && (
          <p className={styles['meta']}>
            {t('order.heldUntil', { time: instantText(order.heldUntil, asOf, language) })}
          </p>
        )}
        <p>
          {customer !== undefined && <strong>{translated(customer)}</strong>}
          {customer !== undefined && about.length > 0 && ' · '}
          {about.join(' · ')}
        </p>
        <p className={styles['meta']}>
          {t('order.first', { time: instantText(order.placedAt ?? order.firstAt, asOf, language) })}
          {counts.map((text) => ` · ${text}`)}
        </p>
      </div>
      <CurrentStage order={order} />
      <Owner order={order} />
      <Promise order={order} />
    </section>
  )
}

interface FactProps {
  readonly title: string
  readonly value: ReactNode
  readonly isLate?: boolean
  readonly children?: ReactNode
}

function Fact({ title, value, isLate = false, children }: FactProps) {
  return (
    <div className={styles['fact']}>
      <h2>{title}</h2>
      <p className={clsx(styles['value'], isLate && styles['late'])}>{value}</p>
      <p className={styles['meta']}>{children}</p>
    </div>
  )
}

function CurrentStage({ order }: { readonly order: OrderDetail }) {
  const { t, language, nameOf } = useText()
  const translated = useTranslated()
  const duration = useDurationText()
  const { stageName, endedAt, asOf, dueAt, reason, alongside = [] } = order
  if (stageName === undefined) {
    const value = order.status === 'open' ? t('orders.betweenStages') : t(`orders.ended.${order.status}`)
    return (
      <Fact title={t('order.stage')} value={value}>
        {endedAt !== undefined && instantText(endedAt, asOf, language)}
      </Fact>
    )
  }
  const visit = lastVisitOf(order)
  const alongsideText = ({ stageName: name, department, owner }: Alongside): string =>
    [
      nameOf(name),
      department && translated(department),
      owner === undefined ? t('orders.unclaimed') : translated(owner),
    ]
      .filter((part) => part !== undefined)
      .join(' · ')
  return (
    <Fact title={t('order.stage')} value={nameOf(stageName)}>
      {visit !== undefined &&
        t(visit.targetMs === undefined ? 'order.dwell' : 'order.dwellOfLimit', {
          time: duration(visit.workingMs),
          limit: visit.targetMs === undefined ? '' : duration(visit.targetMs),
        })}
      {dueAt !== undefined && (
        <>
          <br />
          {t(dueAt < asOf ? 'order.limitPassed' : 'order.limitDue', { time: instantText(dueAt, asOf, language) })}
          {visit?.byPromise === true && ` · ${t('order.limitByPromise')}`}
          {visit?.byCutOff === true && ` · ${t('order.limitByCutOff')}`}
        </>
      )}
      {reason !== undefined && (
        <>
          <br />
          {t('order.reason', { reason: translated(reason) })}
        </>
      )}
      {alongside.map((other) => (
        <Fragment key={`${other.stage} ${other.enteredAt}`}>
          <br />
          {t('order.alongside', { what: alongsideText(other) })}
        </Fragment>
      ))}
    </Fact>
  )
}

function Owner({ order }: { readonly order: OrderDetail }) {
  const { t, language } = useText()
  const translated = useTranslated()
  const acknowledgement = useAcknowledgementText()
  if (order.stage === undefined) return null
  const visit = lastVisitOf(order)
  const since = visit?.handovers?.at(-1)?.at
  const { acknowledged } = order
  return (
    <Fact title={t('orders.column.owner')} value={<OwnerCell order={order} />}>
      {[
        visit?.department && translated(visit.department),
        since && t('order.since', { time: instantText(since, order.asOf, language) }),
      ]
        .filter((part) => part !== undefined)
        .join(' · ')}
      {acknowledged !== undefined && (
        <>
          {(since ?? visit?.department) !== undefined && <br />}
          {acknowledgement(acknowledged)}
        </>
      )}
    </Fact>
  )
}

function Promise({ order: { promisedAt, asOf, status, endedAt } }: { readonly order: OrderDetail }) {
  const { t, language } = useText()
  const duration = useDurationText()
  if (promisedAt === undefined) return <Fact title={t('orders.column.promise')} value={missing} />
  const at = endedAt ?? asOf
  const isLate = at > promisedAt
  const kept = promisedAt - at < minuteMs ? 'order.keptJust' : 'order.kept'
  const text = status === 'open' ? (isLate ? 'order.promiseLate' : 'order.promiseLeft') : isLate ? 'order.missed' : kept
  return (
    <Fact title={t('orders.column.promise')} value={instantText(promisedAt, asOf, language)} isLate={isLate}>
      {t(text, { time: duration(Math.abs(promisedAt - at)) })}
    </Fact>
  )
}
