import { Button, Popover } from '@mantine/core'
import type { Inbox } from '@stagewatch/shared/contract/messages.ts'
import { useQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { Bell } from 'lucide-react'
import { useState } from 'react'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import { useLiveQuery } from '../../api/use-live-query.ts'
import { useAgo } from '../../format/instant-text.ts'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import layout from '../layout/layout.module.css'
import { inboxQuery, useMarkRead } from './api.ts'
import styles from './inbox-bell.module.css'
import { PushButton } from './push-button.tsx'

const iconSize = 18
/** Higher counts are shown as "99+". */
const maxCount = 99

/** The message centre: the live number of unread messages, and the newest ones. */
export function InboxBell() {
  const { t, language } = useText()
  const { site } = useMe()
  const [isOpen, setOpen] = useState(false)
  const options = inboxQuery(site)
  const query = useQuery(options)
  useLiveQuery({
    queryKey: options.queryKey,
    message: { kind: 'inbox', search: '' },
    // Server and client share the schema.
    toData: (tree) => tree as Inbox,
  })
  const { unreadCount = 0, messages = [] } = query.data ?? {}
  const count = unreadCount > maxCount ? `${formatCount(maxCount, language)}+` : formatCount(unreadCount, language)
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" width={380} shadow="md" trapFocus>
      <Popover.Target>
        <button
          type="button"
          className={styles['bell']}
          aria-label={unreadCount === 0 ? t('inbox.title') : t('inbox.unread', { count: unreadCount })}
          onClick={() => setOpen(!isOpen)}
        >
          <Bell size={iconSize} aria-hidden />
          {unreadCount > 0 && <span className={styles['count']}>{count}</span>}
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles['panel']}>
        <InboxList messages={messages} unreadCount={unreadCount} asOf={serverTime(query.dataUpdatedAt)} />
      </Popover.Dropdown>
    </Popover>
  )
}

interface InboxListProps extends Inbox {
  /** Epoch ms. */
  readonly asOf: number
}

function InboxList({ messages, unreadCount, asOf }: InboxListProps) {
  const { t } = useText()
  const ago = useAgo()
  const markRead = useMarkRead()
  return (
    <section aria-label={t('inbox.title')}>
      <div className={styles['head']}>
        <h2>{t('inbox.title')}</h2>
        {unreadCount > 0 && (
          <Button variant="subtle" loading={markRead.isPending} onClick={() => markRead.mutate(undefined)}>
            {t('inbox.readAll')}
          </Button>
        )}
      </div>
      {messages.length === 0 && <p className={layout['meta']}>{t('inbox.none')}</p>}
      <ul className={styles['list']}>
        {messages.map(({ id, severity, title, lines, link, createdAt, read }) => (
          <li key={id} className={clsx(styles['message'], !read && styles['new'])} data-severity={severity}>
            <a href={link} onClick={() => !read && markRead.mutate([id])}>
              {title}
            </a>
            {lines.map((line) => (
              <div key={line} className={clsx(layout['meta'], layout['break'])}>
                {line}
              </div>
            ))}
            <div className={layout['meta']}>{ago(createdAt, asOf)}</div>
          </li>
        ))}
      </ul>
      <PushButton />
    </section>
  )
}
