import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import type { Channel } from '@stagewatch/shared/contract/channels.ts'
import { messageStates } from '@stagewatch/shared/contract/message-log.ts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { useState } from 'react'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import { DataTable } from '../../components/data-table.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import layout from '../../components/layout/layout.module.css'
import { OnlineButton } from '../../components/online-button.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { instantText } from '../../format/instant-text.ts'
import { useText } from '../../locales/use-text.ts'
import { messagesQuery, useResend } from './api.ts'
import type { LogFilter } from './api.ts'
import { AttemptText } from './attempt-text.tsx'
import styles from './channels.module.css'

const typingMs = 300
/** Maximum number of orders listed per message. */
const shownOrders = 5

/** The delivery log: each message, its channel, and the outcome. */
export function MessageTable({ channels }: { readonly channels: readonly Channel[] }) {
  const { t, language } = useText()
  const { site } = useMe()
  const [filter, setFilter] = useState<LogFilter>({})
  const [order, setOrder] = useState('')
  const [typed] = useDebouncedValue(order.trim(), typingMs)
  const query = useInfiniteQuery(messagesQuery(site, { ...filter, order: typed === '' ? undefined : typed }))
  const resend = useResend()
  const asOf = serverTime(query.dataUpdatedAt)
  const nameOf = (channelId: string, channelName: string | undefined) => {
    if (channelId === 'inbox' || channelId === 'push') return t(`channels.builtIn.${channelId}`)
    return channelName ?? t('channels.deleted')
  }
  const filters = (
    <div className={styles['filters']}>
      <NativeSelect
        aria-label={t('channels.stateLabel')}
        value={filter.state ?? ''}
        data={[
          { value: '', label: t('channels.allStates') },
          ...messageStates.map((state) => ({ value: state, label: t(`channels.state.${state}`) })),
        ]}
        onChange={({ currentTarget: { value } }) =>
          setFilter({ ...filter, state: messageStates.find((state) => state === value) })
        }
      />
      <NativeSelect
        aria-label={t('channels.channelLabel')}
        value={filter.channel ?? ''}
        data={[
          { value: '', label: t('channels.allChannels') },
          ...channels.map(({ id, name }) => ({ value: id, label: name })),
          ...(['inbox', 'push'] as const).map((id) => ({ value: id, label: t(`channels.builtIn.${id}`) })),
        ]}
        onChange={({ currentTarget: { value } }) => setFilter({ ...filter, channel: value === '' ? undefined : value })}
      />
      <TextInput
        aria-label={t('channels.orderLabel')}
        placeholder={t('channels.orderLabel')}
        value={order}
        onChange={(event) => setOrder(event.currentTarget.value)}
      />
    </div>
  )
  return (
    <QueryBoundary query={query}>
      {({ pages }) => (
        <div className={layout['stack']}>
          <DataTable
            title={t('channels.log')}
            rows={pages.flatMap((page) => page.messages)}
            rowKey={({ id }) => id}
            columns={[
              {
                title: t('channels.message'),
                kind: 'name',
                renderCell: ({ title, orders }) => (
                  <>
                    <strong className={layout['break']}>{title}</strong>
                    <div className={clsx(layout['meta'], layout['break'])}>
                      {orders.slice(0, shownOrders).join(t('listComma'))}
                      {orders.length > shownOrders && ` +${orders.length - shownOrders}`}
                    </div>
                  </>
                ),
              },
              {
                title: t('channels.channelLabel'),
                renderCell: ({ channelId, channelName, recipient, fallbackOf }) => (
                  <>
                    <span className={layout['break']}>{nameOf(channelId, channelName)}</span>
                    <div className={clsx(layout['meta'], layout['break'])}>
                      {channelId === 'inbox' || channelId === 'push' ? '' : recipient}
                      {fallbackOf !== undefined && ` ${t('channels.fallback')}`}
                    </div>
                  </>
                ),
              },
              {
                title: t('channels.created'),
                kind: 'time',
                renderCell: ({ createdAt }) => instantText(createdAt, asOf, language),
              },
              {
                title: t('channels.stateLabel'),
                renderCell: ({ state, attempts, nextAttemptAt }) => {
                  const last = attempts.at(-1)
                  return (
                    <>
                      {last === undefined ? t(`channels.state.${state}`) : <AttemptText attempt={last} asOf={asOf} />}
                      {attempts.length > 1 && (
                        <div className={layout['meta']}>{t('channels.attempts', { count: attempts.length })}</div>
                      )}
                      {nextAttemptAt !== undefined && state === 'retried' && (
                        <div className={layout['meta']}>
                          {t('channels.next', { time: instantText(nextAttemptAt, asOf, language) })}
                        </div>
                      )}
                    </>
                  )
                },
              },
              {
                title: t('desk.actions'),
                kind: 'actions',
                renderCell: ({ id, state, title }) =>
                  state === 'refused' || state === 'gave-up' ? (
                    <OnlineButton
                      variant="default"
                      aria-label={`${t('channels.resend')}: ${title}`}
                      loading={resend.isPending && resend.variables === id}
                      onClick={() => resend.mutate(id)}
                    >
                      {t('channels.resend')}
                    </OnlineButton>
                  ) : null,
              },
            ]}
          >
            {filters}
            <ErrorAlert error={resend.error} />
          </DataTable>
          {query.hasNextPage && (
            <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t('changes.loadMore')}
            </Button>
          )}
        </div>
      )}
    </QueryBoundary>
  )
}
