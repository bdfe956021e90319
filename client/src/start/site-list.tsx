import type { UseQueryResult } from '@tanstack/react-query'
import type { StartInfo, StartSite } from '@stagewatch/shared/contract/start.ts'
import { formatCount } from '../format/quantity.ts'
import { languages, type Language } from '../text/language.ts'
import { useText } from '../text/use-text.ts'
import { LoadProblem } from './load-problem.tsx'

/** The walls of every site, with enough of each to know which is which. */
export function SiteList({ start }: { readonly start: UseQueryResult<StartInfo> }) {
  const { t } = useText()
  const { data, dataUpdatedAt, isError } = start
  return (
    <section className="sites">
      <h2 className="section-title">{t('start.walls')}</h2>
      {data && <p className="section-note">{t('start.wallsHint')}</p>}
      {start.isPending && <p className="card card--quiet">{t('start.loading')}</p>}
      {isError && data === undefined && <LoadProblem error={start.error} onRetry={() => void start.refetch()} />}
      {data?.sites.length === 0 && (
        <div className="card card--quiet">
          <strong>{t('start.noSites')}</strong>
          <p>{t('start.noSitesText')}</p>
        </div>
      )}
      <ul className="sites__list">
        {data?.sites.map((site) => (
          <Site key={site.code} site={site} isDefault={site.code === data.defaultSite} />
        ))}
      </ul>
      {data && (
        <p className={isError ? 'sites__age sites__age--stale' : 'sites__age'} role="status">
          {t(isError ? 'start.stale' : 'start.asOf', { time: new Date(dataUpdatedAt).toLocaleTimeString('en-GB') })}
        </p>
      )}
    </section>
  )
}

function Site({ site, isDefault }: { readonly site: StartSite; readonly isDefault: boolean }) {
  const { t, language, nameOf } = useText()
  const other = languages.find((code) => code !== language) ?? 'en'
  const wall = (code: Language) => `/wall?site=${encodeURIComponent(site.code)}&lang=${code}`
  return (
    <li className="card site">
      <div className="site__head">
        <h3 className="site__name">{nameOf(site.name)}</h3>
        {site.sample && <span className="badge badge--sample">{t('sample')}</span>}
        {isDefault && <span className="badge">{t('start.default')}</span>}
      </div>
      <dl className="facts">
        <div>
          <dt>{t('start.openOrders')}</dt>
          <dd className="facts__figure">{formatCount(site.openOrders, language)}</dd>
        </div>
        <div>
          <dt>{t('start.events')}</dt>
          <dd className="facts__figure">{formatCount(site.events, language)}</dd>
        </div>
        <div>
          <dt>{t('start.siteCode')}</dt>
          <dd className="facts__code">{site.code}</dd>
        </div>
      </dl>
      <div className="site__links">
        <a className="button button--first" href={wall(language)}>
          {t('start.wallIn')}
        </a>
        <a className="button" href={wall(other)} lang={other}>
          {t('start.wallInOther')}
        </a>
      </div>
    </li>
  )
}
