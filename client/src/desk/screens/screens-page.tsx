import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useText } from '../../text/use-text.ts'
import { screensQuery } from '../api/screens.ts'
import { EmptyState } from '../parts/empty-state.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { useMe } from '../shell/me-context.ts'
import { Page } from '../shell/page.tsx'
import { ScreenCard } from './screen-card.tsx'
import { ScreenEditor } from './screen-editor.tsx'

export function ScreensPage() {
  const { t } = useText()
  return (
    <Page title={t('desk.nav.screens')} needs="screens.read">
      <Screens />
    </Page>
  )
}

function Screens() {
  const { t } = useText()
  const { site, actions } = useMe()
  const query = useQuery(screensQuery(site))
  const [edited, setEdited] = useState<string>()
  const pairLink = actions.includes('screens.manage') && (
    <Link to="/pair" className="button-link">
      {t('desk.screen.pair')}
    </Link>
  )
  return (
    <Loaded query={query}>
      {({ screens, build }) => (
        <>
          <div className="bar">
            <p className="bar__text">
              {t('desk.screen.summary', {
                total: screens.length,
                online: screens.filter(({ online }) => online).length,
              })}
            </p>
            {screens.length > 0 && pairLink}
          </div>
          {screens.length === 0 && (
            <EmptyState title={t('desk.screen.none')}>
              <p>{t('desk.screen.noneText')}</p>
              {pairLink}
            </EmptyState>
          )}
          <ul className="stack">
            {screens.map((screen) => (
              <li key={screen.id} className="card">
                <ScreenCard
                  screen={screen}
                  build={build}
                  asOf={query.dataUpdatedAt}
                  isEdited={screen.id === edited}
                  onEdit={() => setEdited(screen.id === edited ? undefined : screen.id)}
                />
                {screen.id === edited && (
                  <ScreenEditor screen={screen} asOf={query.dataUpdatedAt} onDone={() => setEdited(undefined)} />
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </Loaded>
  )
}
