import { useText } from '../../text/use-text.ts'
import './notice.css'

/** A site without stages: the wall says how the first one comes about. */
export function EmptySite({ site }: { readonly site: string }) {
  const { t } = useText()
  const event = '{"source":"test","id":"1","type":"stage.entered","order":"SO-1","stage":"packing","occurredAt":"'
  return (
    <section className="notice">
      <h2 className="notice__title">{t('notice.emptyTitle')}</h2>
      <p className="notice__text">{t('notice.emptyText')}</p>
      <pre className="notice__code">
        {[
          `pnpm stagewatch key create --name first --scope ingest,read --site ${site}`,
          '',
          `curl ${location.origin}/api/v1/events \\`,
          `  -H 'Authorization: Bearer KEY' -H 'Content-Type: application/json' \\`,
          `  -d '${event}'"$(date -u +%FT%TZ)"'"}'`,
        ].join('\n')}
      </pre>
    </section>
  )
}
