import type { HandoverContent } from '@stagewatch/shared/contract/handover.ts'
import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import card from '../../components/card.module.css'
import layout from '../../components/layout/layout.module.css'
import { OrdersLink, type OrdersChoice } from '../../components/order/orders-link.tsx'
import { StatusGlyph } from '../../components/status-glyph.tsx'
import { instantText } from '../../format/instant-text.ts'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import { translatedName } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import styles from './handover.module.css'
import { useTranslated } from '../../api/translations.ts'

interface ShiftContentProps {
  readonly content: HandoverContent
  readonly department: string
  /** Epoch ms. */
  readonly now: number
}

/** The state of a department now or at the end of a shift: five lists, each with its total. */
export function ShiftContent({ content, department, now }: ShiftContentProps) {
  const { t, language, nameOf } = useText()
  const { turnedOverdue, stuck, promised, openAlerts, openTasks } = content
  const translated = useTranslated()
  const count = (value: number) => formatCount(value, language)
  const time = (at: number) => instantText(at, now, language)
  const ofDepartment = { department: [department] }
  return (
    <div className={styles['cards']}>
      <List
        title={t('handover.turnedOverdue')}
        note={t('handover.resolvedOf', {
          resolved: count(turnedOverdue.resolvedCount),
          total: count(turnedOverdue.total),
        })}
        total={turnedOverdue.total}
        items={turnedOverdue.orders}
        more={{ status: 'overdue', ...ofDepartment }}
      >
        {({ at, resolvedAt, ...order }) => (
          <Row key={`${order.order} ${order.stage} ${at}`} {...order}>
            {resolvedAt === undefined ? (
              <>
                <StatusGlyph state="overdue" /> {t('handover.since', { time: time(at) })}
              </>
            ) : (
              t('handover.resolved', { time: time(resolvedAt) })
            )}
          </Row>
        )}
      </List>
      <List
        title={t('handover.stuck')}
        note={t('handover.stuckCounts', { overdue: count(stuck.overdueCount), stalled: count(stuck.stalledCount) })}
        total={stuck.total}
        items={stuck.orders}
        more={{ status: stuck.overdueCount > 0 ? 'overdue' : 'stalled', ...ofDepartment }}
      >
        {({ isOverdue, ownerSince, owner, dueAt, ...order }) => (
          <Row key={order.order} {...order}>
            <StatusGlyph state={isOverdue ? 'overdue' : 'stalled'} />{' '}
            {owner === undefined
              ? dueAt === undefined
                ? t('handover.nobody')
                : t('handover.since', { time: time(dueAt) })
              : ownerSince === undefined
                ? translated(owner)
                : t('handover.withSince', { name: translated(owner), time: time(ownerSince) })}
          </Row>
        )}
      </List>
      <List
        title={t('handover.promised')}
        total={promised.total}
        items={promised.orders}
        more={{ status: 'open', ...ofDepartment }}
      >
        {({ promisedAt, owner, ...order }) => (
          <Row key={order.order} {...order}>
            {time(promisedAt)}
            {owner !== undefined && ` · ${translated(owner)}`}
          </Row>
        )}
      </List>
      <List title={t('handover.alerts')} total={openAlerts.total} items={openAlerts.alerts}>
        {({ id, rule, ruleNames, beganAt, order, acknowledgedBy }) => (
          <li key={id}>
            <Link to="/alerts" search={({ site }) => ({ site, alert: String(id) })}>
              {nameOf(translatedName(rule, ruleNames))}
            </Link>
            <span>{order}</span>
            <span>
              {t('handover.since', { time: time(beganAt) })}
              {acknowledgedBy !== undefined && ` · ${translated(acknowledgedBy)}`}
            </span>
          </li>
        )}
      </List>
      <List title={t('handover.tasks')} total={openTasks.total} items={openTasks.tasks}>
        {({ id, title, titles, state, order, assignee }) => (
          <li key={id}>
            <Link to="/tasks" search={({ site }) => ({ site, task: String(id), segment: 'all' as const })}>
              {nameOf(translatedName(title, titles))}
            </Link>
            <span>{order}</span>
            <span>
              {t(`tasks.column.${state}`)}
              {assignee !== undefined && ` · ${translated(assignee)}`}
            </span>
          </li>
        )}
      </List>
    </div>
  )
}

interface ListProps<Item> {
  readonly title: string
  readonly note?: string
  readonly total: number
  readonly items: readonly Item[]
  /** The orders page filter that shows the items that are not listed. */
  readonly more?: OrdersChoice
  readonly children: (item: Item) => ReactNode
}

function List<Item>({ title, note, total, items, more, children }: ListProps<Item>) {
  const { t, language } = useText()
  const left = total - items.length
  const value = formatCount(left, language)
  return (
    <section className={card['card']}>
      <h3 className={card['title']}>
        {title} <span className={card['titleNote']}>{note ?? formatCount(total, language)}</span>
      </h3>
      {total === 0 && <p className={layout['meta']}>{t('handover.none')}</p>}
      <ul className={styles['list']}>{items.map(children)}</ul>
      {left > 0 && (
        <p className={layout['meta']}>
          {more === undefined ? (
            t('handover.more', { count: left, value })
          ) : (
            <OrdersLink choice={more}>{t('handover.moreOrders', { value })}</OrdersLink>
          )}
        </p>
      )}
    </section>
  )
}

interface RowProps {
  readonly order: string
  readonly stage: string
  readonly stageName?: LocalText | undefined
  readonly children: ReactNode
}

function Row({ order, stage, stageName, children }: RowProps) {
  const { nameOf } = useText()
  return (
    <li>
      <Link to="/orders/$order" params={{ order }}>
        {order}
      </Link>
      <span>{stageName === undefined ? stage : nameOf(stageName)}</span>
      <span>{children}</span>
    </li>
  )
}
