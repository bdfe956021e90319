import { instantText } from '../format/instant-text.ts'
import { useText } from '../locales/use-text.ts'
import type { Refusal, Report } from './reports.ts'
import { useScan } from './scan-context.ts'
import { useNow } from './use-now.ts'
import { scanAddress } from './use-scan-search.ts'

/** Reports that wait to be sent and reports that the server refused. */
export function QueueView({ site }: { readonly site: string | undefined }) {
  const { t } = useText()
  const { device, state } = useScan()
  return (
    <section className="queue">
      <h1 className="title">{t('scan.queue.title')}</h1>
      {state.reports.length === 0 && <p className="note">{t('scan.queue.empty')}</p>}
      <ul className="list">
        {state.reports.map((report) => (
          <QueueEntry key={report.id} report={report} />
        ))}
      </ul>
      {state.reports.some(({ refusal }) => refusal === undefined) && (
        <button type="button" className="button button--wide" onClick={() => void device.send()}>
          {t('scan.queue.sendNow')}
        </button>
      )}
      <a className="button button--wide" href={scanAddress({ site })}>
        {t('scan.queue.close')}
      </a>
    </section>
  )
}

function QueueEntry({ report }: { readonly report: Report }) {
  const { t, language } = useText()
  const { device, state } = useScan()
  const now = useNow()
  const { id, order, action, refusal, person } = report
  const isOwn = person.id === state.person?.id
  const reason = 'reason' in action && action.reason !== undefined ? `: ${action.reason}` : ''
  const waits = isOwn ? t('scan.queue.waiting') : t('scan.queue.ofOther', { name: person.name })
  return (
    <li className="list__item">
      <a className="list__order" href={scanAddress({ site: person.site, order })}>
        {order}
      </a>
      <p>
        {t(`scan.action.${action.action}`)}
        {reason} · {instantText(device.instantOf(report), now, language)}
      </p>
      <p className={refusal === undefined ? 'list__state' : 'list__state list__state--bad'}>
        {refusal === undefined ? waits : t(refusalText(refusal))}
      </p>
      {refusal !== undefined && (
        <div className="row">
          {isOwn && (
            <button type="button" className="button" onClick={() => void device.retry(id)}>
              {t('scan.queue.retry')}
            </button>
          )}
          <button type="button" className="button" onClick={() => void device.discard(id)}>
            {t('scan.queue.discard')}
          </button>
        </div>
      )}
    </li>
  )
}

function refusalText({ code, field }: Refusal) {
  if (code === 'not_found') return 'scan.refusal.notFound'
  if (code === 'forbidden') return 'scan.refusal.forbidden'
  if (code === 'conflict') return field === 'stage' ? 'scan.refusal.moved' : 'scan.refusal.state'
  if (field === 'at') return 'scan.refusal.late'
  if (field === 'do.next' || field === 'do.stage') return 'scan.refusal.choose'
  return 'scan.refusal.other'
}
