import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import button from '../../components/button.module.css'
import card from '../../components/card.module.css'
import { CommandBlock } from '../../components/command-block.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import layout from '../../components/layout/layout.module.css'
import { Page } from '../../components/layout/page.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { useText } from '../../locales/use-text.ts'
import { pairingAddress, screensQuery } from './api.ts'
import { ScreenCard } from './screen-card.tsx'
import { ScreenEditor } from './screen-editor.tsx'

export function ScreensPage() {
  const { t } = useText()
  return (
    <Page title={t('nav.screens')} needs="screens.read">
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
    <Link to="/pair" className={button['link']}>
      {t('screen.pair')}
    </Link>
  )
  return (
    <QueryBoundary query={query}>
      {({ screens, build }) => (
        <>
          <div className={layout['bar']}>
            <p className={layout['barText']}>
              {t('screen.summary', {
                total: screens.filter(({ confirmedAt }) => confirmedAt !== undefined).length,
                online: screens.filter(({ online }) => online).length,
              })}
            </p>
            {screens.length > 0 && pairLink}
          </div>
          {screens.length === 0 && (
            <EmptyState title={t('screen.none')}>
              <p>{t('screen.noneText')}</p>
              <CommandBlock command={pairingAddress()} />
              {pairLink}
            </EmptyState>
          )}
          <ul className={layout['stack']}>
            {screens.map((screen) => (
              <li key={screen.id} className={card['card']}>
                <ScreenCard
                  screen={screen}
                  build={build}
                  asOf={serverTime(query.dataUpdatedAt)}
                  isEdited={screen.id === edited}
                  onEdit={() => setEdited(screen.id === edited ? undefined : screen.id)}
                />
                {screen.id === edited && (
                  <ScreenEditor
                    screen={screen}
                    asOf={serverTime(query.dataUpdatedAt)}
                    onDone={() => setEdited(undefined)}
                  />
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </QueryBoundary>
  )
}
