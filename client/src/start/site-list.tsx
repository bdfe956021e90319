import type { StartInfo, StartSite } from '@stagewatch/shared/contract/start.ts'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { serverTime } from '../api/server-time.ts'
import { timeWithSeconds } from '../format/clock-time.ts'
import { formatCount } from '../format/quantity.ts'
import { languages, locales, type Language } from '@stagewatch/shared/domain/locales.ts'
import { useText } from '../locales/use-text.ts'
import { LoadError } from './load-error.tsx'
import { personQuery } from './start-queries.ts'

/** The walls of every site, with enough details to tell them apart. */
export function SiteList({ start }: { readonly start: UseQueryResult<StartInfo> }) {
  const { t } = useText()
  const { data, dataUpdatedAt, isError } = start
  return (
    <section className="sites">
      <h2 className="section-title">{t('start.walls')}</h2>
      {data && <p className="section-note">{t('start.wallsHint')}</p>}
      {start.isPending && <p className="card card--quiet">{t('start.loading')}</p>}
      {isError && data === undefined && <LoadError error={start.error} onRetry={() => void start.refetch()} />}
      {data?.sites.length === 0 && <NoSites />}
      <ul className="sites__list">
        {data?.sites.map((site) => (
          <Site key={site.code} site={site} isDefault={site.code === data.defaultSite} />
        ))}
      </ul>
      {data && (
        <p className={isError ? 'sites__age sites__age--stale' : 'sites__age'} role="status">
          {t(isError ? 'start.stale' : 'start.asOf', {
            time: timeWithSeconds(serverTime(dataUpdatedAt)),
          })}
        </p>
      )}
    </section>
  )
}

/** The list of sites is not shown to anonymous visitors. */
function NoSites() {
  const { t } = useText()
  const { data: person, isPending } = useQuery(personQuery)
  if (isPending) return null
  if (person !== null && person !== undefined) {
    return (
      <div className="card card--quiet">
        <strong>{t('start.noSites')}</strong>
        <p>{t('start.noSitesText')}</p>
      </div>
    )
  }
  return (
    <div className="card card--quiet">
      <strong>{t('start.signInFirst')}</strong>
      <p>{t('start.signInFirstText')}</p>
      <div className="site__links">
        <a className="button button--first" href="/sign-in?next=/">
          {t('start.signIn')}
        </a>
        <a className="button" href="/wall">
          {t('start.pairScreen')}
        </a>
      </div>
    </div>
  )
}

function Site({ site, isDefault }: { readonly site: StartSite; readonly isDefault: boolean }) {
  const { t, language, nameOf } = useText()
  const wall = (code: Language) => `/wall?site=${encodeURIComponent(site.code)}&lang=${code}`
  return (
    <li className="card site">
      <div className="site__head">
        <h3 className="site__name">{nameOf(site.name)}</h3>
        {site.sample && <span className="badge badge--sample">{t('sample')}</span>}
        {isDefault && <span className="badge">{t('start.default')}</span>}
      </div>
      <dl className="facts">
        {site.openOrders !== undefined && (
          <div>
            <dt>{t('start.openOrders')}</dt>
            <dd className="facts__figure">{formatCount(site.openOrders, language)}</dd>
          </div>
        )}
        {site.events !== undefined && (
          <div>
            <dt>{t('start.events')}</dt>
            <dd className="facts__figure">{formatCount(site.events, language)}</dd>
          </div>
        )}
        <div>
          <dt>{t('start.siteCode')}</dt>
          <dd className="facts__code">{site.code}</dd>
        </div>
      </dl>
      <div className="site__links">
        <a className="button button--first" href={wall(language)}>
          {t('start.wallIn')}
        </a>
        {languages
          .filter((code) => code !== language)
          .map((code) => (
            <a key={code} className="button" href={wall(code)}>
              {t('start.wallInOther', { language: locales[code].name })}
            </a>
          ))}
      </div>
    </li>
  )
}
