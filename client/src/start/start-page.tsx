import { useQuery } from '@tanstack/react-query'
import { useText } from '../text/use-text.ts'
import { DeskLinks } from './desk-links.tsx'
import { FirstEvent } from './first-event.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import { ReadOn } from './read-on.tsx'
import { RunningStatus } from './running-status.tsx'
import { SiteList } from './site-list.tsx'
import { startInfoQuery } from './start-queries.ts'
import { WhoIsHere } from './who-is-here.tsx'

/** The first page of an installation: what runs here, where its walls are, and how to send it something. */
export function StartPage() {
  const { t } = useText()
  const start = useQuery(startInfoQuery)
  return (
    <>
      <header className="top">
        <div className="top__inner">
          <svg className="top__mark" viewBox="0 0 34 34" aria-hidden>
            <rect x="0" y="20" width="8" height="14" rx="2" />
            <rect x="13" y="0" width="8" height="34" rx="2" />
            <rect x="26" y="12" width="8" height="22" rx="2" />
          </svg>
          <span className="top__name">Stagewatch</span>
          <WhoIsHere />
          <LanguageSwitch />
        </div>
      </header>
      <main className="page">
        <h1 className="page__title">{t('start.tagline')}</h1>
        <RunningStatus start={start} />
        <div className="page__columns">
          <SiteList start={start} />
          <aside className="page__aside">
            <DeskLinks />
            <FirstEvent site={start.data?.sites.find(({ sample }) => !sample)?.code ?? 'main'} />
            <ReadOn />
          </aside>
        </div>
      </main>
    </>
  )
}
