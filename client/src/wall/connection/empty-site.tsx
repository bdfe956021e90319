import { useShownTime } from '../../live/use-shown-time.ts'
import { firstEventCommands } from '../../text/first-event.ts'
import { useText } from '../../text/use-text.ts'
import './notice.css'

/** A site without stages: the wall says how the first one comes about. */
export function EmptySite({ site }: { readonly site: string }) {
  const { t } = useText()
  const { serverNow = 0 } = useShownTime()
  const { key, event } = firstEventCommands(location.origin, site, serverNow)
  return (
    <section className="notice">
      <h2 className="notice__title">{t('notice.emptyTitle')}</h2>
      <p className="notice__text">{t('notice.emptyText')}</p>
      <pre className="notice__code">{`${key}\n\n${event}`}</pre>
    </section>
  )
}
