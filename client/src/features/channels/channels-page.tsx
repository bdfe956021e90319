import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import card from '../../components/card.module.css'
import { EmptyState } from '../../components/empty-state.tsx'
import layout from '../../components/layout/layout.module.css'
import { Page } from '../../components/layout/page.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { useText } from '../../locales/use-text.ts'
import { channelsQuery } from './api.ts'
import { ChannelForm } from './channel-form.tsx'
import { ChannelTable } from './channel-table.tsx'
import { MessageTable } from './message-table.tsx'

/** The channels that reach people, and the delivery log of their messages. */
export function ChannelsPage() {
  const { t } = useText()
  return (
    <Page title={t('nav.channels')} needs="site.manage">
      <Channels />
    </Page>
  )
}

function Channels() {
  const { t } = useText()
  const { site } = useMe()
  const query = useQuery(channelsQuery(site))
  const [isAdding, setAdding] = useState(false)
  const asOf = serverTime(query.dataUpdatedAt)
  return (
    <QueryBoundary query={query}>
      {({ channels }) => (
        <div className={layout['stack']}>
          {channels.length === 0 && !isAdding && (
            <EmptyState title={t('channels.none')}>
              <p>{t('channels.noneText')}</p>
            </EmptyState>
          )}
          {channels.length > 0 && <ChannelTable channels={channels} asOf={asOf} />}
          {isAdding ? (
            <section className={card['card']}>
              <h2 className={card['title']}>{t('channels.add')}</h2>
              <ChannelForm asOf={asOf} onDone={() => setAdding(false)} />
            </section>
          ) : (
            <div className={layout['row']}>
              <Button onClick={() => setAdding(true)}>{t('channels.add')}</Button>
            </div>
          )}
          <MessageTable channels={channels} />
        </div>
      )}
    </QueryBoundary>
  )
}
