import type { OrderProgress } from '@stagewatch/shared/contract/order-progress.ts'
import type { StageState } from '@stagewatch/shared/domain/stage-state.ts'
import { TranslationsContext, useTranslated } from '../api/translations.ts'
import { StatusGlyph } from '../components/status-glyph.tsx'
import { instantText } from '../format/instant-text.ts'
import { useDurationText } from '../format/use-duration-text.ts'
import { useText } from '../locales/use-text.ts'
import { useNow } from './use-now.ts'

/** Where the order is, how long it may stay there, and who owns it. */
export function OrderCard({ order }: { readonly order: OrderProgress }) {
  return (
    <TranslationsContext value={order.translations}>
      <Card order={order} />
    </TranslationsContext>
  )
}

function Card({ order }: { readonly order: OrderProgress }) {
  const { t, nameOf, language } = useText()
  const translated = useTranslated()
  const now = useNow()
  const { status, stageName, enteredAt, startedAt, owner, customer, product, held, heldUntil, reason } = order
  const isOpen = status === 'open'
  const facts = [
    [t('scan.owner'), owner === undefined ? t('scan.nobody') : translated(owner)],
    [t('scan.customer'), customer === undefined ? undefined : translated(customer)],
    [t('scan.product'), product === undefined ? undefined : translated(product)],
  ] as const
  return (
    <section className="card">
      <p className="card__stage">
        {isOpen ? (stageName === undefined ? t('scan.betweenStages') : nameOf(stageName)) : t(`scan.${status}`)}
      </p>
      {isOpen && stageName !== undefined && <TimeLeft order={order} now={now} />}
      {isOpen && held && (
        <p className="chip chip--onHold">
          <StatusGlyph state="onHold" />
          {t('scan.heldFor', { reason: translated(reason ?? '—') })}
          {heldUntil !== undefined && ` · ${t('scan.heldUntil', { time: instantText(heldUntil, now, language) })}`}
        </p>
      )}
      <p className="card__meta">
        {enteredAt !== undefined && <span>{t('scan.since', { time: instantText(enteredAt, now, language) })}</span>}
        {startedAt !== undefined && <span>{t('scan.startedAt', { time: instantText(startedAt, now, language) })}</span>}
      </p>
      {isOpen && (
        <dl className="facts">
          {facts.map(([name, value]) =>
            value === undefined ? null : (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
          )}
        </dl>
      )}
    </section>
  )
}

function TimeLeft({ order, now }: { readonly order: OrderProgress; readonly now: number }) {
  const { t, language } = useText()
  const duration = useDurationText()
  const { dueAt, overdueMs, targetMs } = order
  const limit = targetMs === undefined ? undefined : t('scan.limit', { time: duration(targetMs) })
  if (overdueMs === undefined && dueAt === undefined) {
    return <p className="card__time">{limit ?? t('scan.noLimit')}</p>
  }
  const state: StageState = overdueMs !== undefined ? 'overdue' : order.atRisk ? 'atRisk' : 'onTrack'
  const due = dueAt === undefined ? undefined : t('scan.due', { time: instantText(dueAt, now, language) })
  return (
    <>
      <p className={`card__time card__time--${state}`}>
        <StatusGlyph state={state} />
        {overdueMs !== undefined
          ? t('scan.over', { time: duration(overdueMs + Math.max(0, now - order.asOf)) })
          : t('scan.left', { time: duration((dueAt ?? now) - now) })}
      </p>
      <p className="card__meta">
        <span>{limit}</span>
        <span>{due}</span>
      </p>
    </>
  )
}
