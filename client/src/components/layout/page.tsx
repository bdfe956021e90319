import { type Action, rolesFor } from '@stagewatch/shared/domain/access/action.ts'
import { useIsFetching } from '@tanstack/react-query'
import { useRouterState } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { useState, type ReactNode } from 'react'
import { lastReadyAt, useHealth } from '../../api/health.ts'
import { lastAnswerAt } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import { instantText } from '../../format/instant-text.ts'
import { useText } from '../../locales/use-text.ts'
import button from '../button.module.css'
import { EmptyState } from '../empty-state.tsx'
import { InboxBell } from '../inbox/inbox-bell.tsx'
import { productName } from '../logo.tsx'
import { ConnectionStatus } from './connection-status.tsx'
import layout from './layout.module.css'
import page from './page.module.css'
import { SiteSwitch } from './site-switch.tsx'
import { useFocusAfterNavigation } from './use-focus-after-navigation.ts'
import { wallPath } from './wall-path.ts'
import { Clock } from 'lucide-react'
import { offsetIn, offsetName, ownTimeZone } from '../../format/time-zone.ts'

interface PageProps {
  readonly title: string
  /** Undefined: every signed-in user may see the page. */
  readonly needs?: Action
  /** Shown beside the title, such as the filters of the page. */
  readonly tools?: ReactNode
  /** Replaces the connection status. */
  readonly status?: ReactNode
  readonly children: ReactNode
}

/** The top bar and the content. Without the permission, the page only shows which roles have it. */
export function Page({ title, needs, tools: usualTools, status: usualStatus, children }: PageProps) {
  const { t, language } = useText()
  const { site, actions } = useMe()
  const isAllowed = needs === undefined || actions.includes(needs)
  const [tools, status] = isAllowed ? [usualTools, usualStatus] : []
  const isFetching = useIsFetching({ predicate: ({ queryKey }) => queryKey[0] !== 'health' }) > 0
  const isLeaving = useRouterState({ select: ({ isLoading }) => isLoading })
  const health = useHealth()
  const isUnreachable = health === 'unreachable'
  const currentAt = isUnreachable ? lastAnswerAt() : lastReadyAt()
  const heading = useFocusAfterNavigation()
  return (
    <>
      <title>{`${title} · ${productName}`}</title>
      {(isFetching || isLeaving) && <div className={page['loadingBar']} aria-hidden />}
      <header className={clsx(page['topBar'], tools !== undefined && page['tall'])} data-floats>
        <h1 ref={heading} className={clsx(page['title'], tools === undefined && page['spring'])} tabIndex={-1}>
          {title}
        </h1>
        {tools !== undefined && <div className={page['tools']}>{tools}</div>}
        {status ?? <ConnectionStatus />}
        <div className={page['site']}>
          {actions.includes('board.read') && <InboxBell />}
          <TimeZoneNote />
          <SiteSwitch />
        </div>
      </header>
      {(isUnreachable || health === 'databaseAway') && (
        <p className={page['banner']} role="alert">
          {t(isUnreachable ? 'desk.cutNote' : 'desk.databaseAwayNote', {
            time: instantText(currentAt, currentAt, language),
          })}
        </p>
      )}
      {/* Unsaved edits belong to one site, so switching sites remounts the content. */}
      <main key={site} className={page['content']} id="content">
        {isAllowed ? children : <NoPermission action={needs} />}
      </main>
    </>
  )
}

/** Explains which times are whose when the time zones of the user and the site differ. */
function TimeZoneNote() {
  const { t } = useText()
  const { site, sites, timeZone: ofReader = ownTimeZone() } = useMe()
  const [now] = useState(() => Date.now())
  const timeZone = sites.find(({ code }) => code === site)?.timeZone ?? ownTimeZone()
  const [own, ofSite] = [ofReader, timeZone].map((zone) => offsetIn(now, zone))
  if (own === undefined || ofSite === undefined || own === ofSite) return null
  const names = { own: offsetName(own), site: offsetName(ofSite) }
  return (
    <span className={page['timeZone']} title={t('timeZone.text', names)}>
      <Clock size={14} aria-hidden />
      {t('timeZone.short', names)}
    </span>
  )
}

/** Lists the roles with the permission, so that the user knows whom to ask. */
function NoPermission({ action }: { readonly action: Action }) {
  const { t, language } = useText()
  const { role, site, actions } = useMe()
  const roles = rolesFor(action).map((each) => t(`role.${each}`))
  return (
    <EmptyState title={t('desk.noPermission')}>
      <p>{t('desk.noPermissionText', { roles: roles.join(t('listComma')) })}</p>
      {role !== undefined && <p className={layout['meta']}>{t('desk.yourRole', { role: t(`role.${role}`) })}</p>}
      {actions.includes('board.read') && (
        <a className={button['link']} href={wallPath(site, language)}>
          {t('desk.toWall')}
        </a>
      )}
    </EmptyState>
  )
}
