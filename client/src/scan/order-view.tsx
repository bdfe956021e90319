import type { ReportedAction } from '@stagewatch/shared/contract/order-action.ts'
import type { OrderProgress } from '@stagewatch/shared/contract/order-progress.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { serverTime } from '../api/server-time.ts'
import { isApiError } from '../api/request.ts'
import { instantText } from '../format/instant-text.ts'
import { useText } from '../locales/use-text.ts'
import { ActionButtons } from './action-buttons.tsx'
import { feedback } from './feedback.ts'
import { OrderCard } from './order-card.tsx'
import { inActivity, maxReports, orderAfter } from './reports.ts'
import { progressQuery, useScan } from './scan-context.ts'
import { useNow } from './use-now.ts'
import { goTo, scanAddress } from './use-scan-search.ts'

interface OrderViewProps {
  readonly site: string | undefined
  readonly order: string
}

/** One order and the actions that can be reported for it. */
export function OrderView({ site, order }: OrderViewProps) {
  const { t, language } = useText()
  const scan = useScan()
  const { device, state } = scan
  const now = useNow()
  const query = useQuery(progressQuery(scan, site, order))
  const [told, setTold] = useState<string>()
  const number = query.data?.progress.order ?? order
  const waiting = state.reports
    .filter((report) => report.order === number && report.refusal === undefined)
    .map((report) => ({ ...report, at: device.instantOf(report) }))
  const [chosen, setChosen] = useState<string>()
  const whole = query.data && orderAfter(query.data.progress, waiting)
  const shown = whole && inActivity(whole, chosen)
  const isMissing = isApiError(query.error, 'not_found')
  const isUnseen = shown === undefined && query.isError && !isMissing
  const act = async (action: ReportedAction): Promise<void> => {
    const taken = await device.recordTap({
      order: number,
      stage: shown?.stage,
      isUnseen,
      action,
    })
    feedback(taken ? 'done' : 'refused')
    const at = serverTime(Date.now())
    const time = instantText(at, at, language)
    setTold(
      taken
        ? t('scan.done', { action: t(`scan.action.${action.action}`), time })
        : t('scan.queue.full', { count: maxReports }),
    )
  }
  return (
    <article className="order">
      <h1 className="order__number">{number}</h1>
      {shown === undefined && <WithoutOrder order={order} isLoading={query.isPending} isMissing={isMissing} />}
      {query.data?.isKept === true && (
        <p className="note">{t('scan.asOf', { time: instantText(query.data.progress.asOf, now, language) })}</p>
      )}
      {shown !== undefined && isMissing && <p className="note">{t('scan.moved')}</p>}
      {whole?.alongside !== undefined && <Activities order={whole} chosen={shown?.stage} onChoose={setChosen} />}
      {shown !== undefined && <OrderCard order={shown} />}
      {(isUnseen || (shown !== undefined && shown.status === 'open' && !isMissing)) && (
        <ActionButtons key={`${number} ${shown?.stage}`} order={shown} onAct={(action) => void act(action)} />
      )}
      <p className="told" role="status">
        {told}
      </p>
      <Links order={shown} site={site} />
    </article>
  )
}

interface ActivitiesProps {
  readonly order: OrderProgress
  /** Code of the stage. */
  readonly chosen: string | undefined
  readonly onChoose: (stage: string) => void
}

/** The stages of an order that is in several at once. */
function Activities({ order, chosen, onChoose }: ActivitiesProps) {
  const { t, nameOf } = useText()
  const { stage: current = '', stageName = {}, alongside = [] } = order
  // The same stage may be listed twice.
  const names = new Map([...alongside, { stage: current, stageName }].map((each) => [each.stage, each.stageName]))
  return (
    <section className="activities" aria-label={t('scan.activities')}>
      <h2 className="actions__title">{t('scan.activities')}</h2>
      {[...names].map(([stage, name]) => (
        <button
          key={stage}
          type="button"
          className="button"
          aria-pressed={stage === chosen}
          onClick={() => onChoose(stage)}
        >
          {nameOf(name)}
        </button>
      ))}
    </section>
  )
}

interface WithoutOrderProps {
  readonly order: string
  readonly isLoading: boolean
  readonly isMissing: boolean
}

function WithoutOrder({ order, isLoading, isMissing }: WithoutOrderProps) {
  const { t } = useText()
  const { state } = useScan()
  if (isLoading) return <p className="note">{t('scan.loading')}</p>
  if (isMissing) return <p className="note note--bad">{t('scan.notFound', { order })}</p>
  return (
    <p className="note" role="alert">
      {t(state.server === 'reached' ? 'scan.failed' : 'scan.unseen')}
    </p>
  )
}

function Links({ order, site }: { readonly order: OrderProgress | undefined; readonly site: string | undefined }) {
  const { t } = useText()
  return (
    <nav className="links">
      <a
        className="button button--wide"
        href={scanAddress({ site })}
        onClick={(event) => {
          event.preventDefault()
          goTo({ site })
        }}
      >
        {t('scan.next')}
      </a>
      {order !== undefined && (
        <a
          className="link"
          href={`/orders/${encodeURIComponent(order.order)}${site === undefined ? '' : `?site=${site}`}`}
        >
          {t('scan.toDesk')}
        </a>
      )}
    </nav>
  )
}
