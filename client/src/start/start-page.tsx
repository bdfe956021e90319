import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Logo, productName } from '../components/logo.tsx'
import { useText } from '../locales/use-text.ts'
import { FirstEvent } from './first-event.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import { DeskLinks, DocumentationLinks } from './links.tsx'
import { RunningStatus } from './running-status.tsx'
import { SiteList } from './site-list.tsx'
import { personQuery, startInfoQuery } from './start-queries.ts'

/**
 * The landing page of an installation: its status, links to its walls, and how to send it events. A signed-in user who
 * may read numbers is redirected to the overview, unless they asked for this page.
 */
export function StartPage() {
  const { t } = useText()
  const start = useQuery(startInfoQuery)
  const person = useQuery(personQuery)
  const goesOn = !isAsked() && person.data?.actions.includes('numbers.read') === true
  useEffect(() => {
    if (goesOn) location.replace('/overview')
  }, [goesOn])
  if (goesOn) return null
  return (
    <>
      <header className="top">
        <div className="top__inner">
          <Logo />
          <span className="top__name">{productName}</span>
          <UserLink />
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
            <FirstEvent
              site={start.data?.sites.find(({ sample }) => !sample)?.code ?? 'main'}
              settings={start.data?.commandSettings}
            />
            <DocumentationLinks />
          </aside>
        </div>
      </main>
    </>
  )
}

function isAsked(): boolean {
  return new URLSearchParams(location.search).get('page') === 'start'
}

/** Link to the application for users who have a role. */
function UserLink() {
  const { t } = useText()
  const { data: person, isPending } = useQuery(personQuery)
  if (isPending) return null
  if (person === null || person === undefined) {
    return (
      <a className="top__person" href="/sign-in">
        {t('start.signIn')}
      </a>
    )
  }
  return (
    <a className="top__person" href="/account">
      <span className="top__wide">{t('start.signedIn')}</span>
      {person.name}
    </a>
  )
}
