import { rolesFor } from '@stagewatch/shared/domain/access/action.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { useState } from 'react'
import { serverTime } from '../../api/server-time.ts'
import { signInOptionsQuery, useMe } from '../../api/session.ts'
import button from '../../components/button.module.css'
import card from '../../components/card.module.css'
import { CommandBlock } from '../../components/command-block.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { firstEventCommands, importCommand } from '../../components/first-event-commands.ts'
import layout from '../../components/layout/layout.module.css'
import { OnlineButton } from '../../components/online-button.tsx'
import { useText } from '../../locales/use-text.ts'
import { useCreateFirstKey } from './api.ts'
import styles from './first-run.module.css'

/** Replaces the figures of a site without orders: shows the ways to send the first one. */
export function FirstRun() {
  const { t } = useText()
  const { actions } = useMe()
  const canConnect = actions.includes('keys.manage')
  const canImport = actions.includes('imports.manage')
  const roles = rolesFor('keys.manage').map((role) => t(`role.${role}`))
  const askFor = <p>{t('firstRun.askFor', { roles: roles.join(t('listComma')) })}</p>
  if (!canConnect && !canImport) {
    return <EmptyState title={t('firstRun.title')}>{askFor}</EmptyState>
  }
  return (
    <div className={layout['stack']}>
      <div>
        <h2 className={card['stateTitle']}>{t('firstRun.title')}</h2>
        <p className={layout['meta']}>{t('firstRun.text')}</p>
      </div>
      <div className={styles['ways']}>
        {canConnect && <ConnectSystem />}
        {canImport && <ImportFile />}
        <SeeSample />
      </div>
      {!canConnect && <div className={layout['meta']}>{askFor}</div>}
    </div>
  )
}

/** A key, a command that sends an event with it, and a note that the page is waiting for the event. */
function ConnectSystem() {
  const { t } = useText()
  const { site } = useMe()
  const [openedAt] = useState(() => serverTime(Date.now()))
  const create = useCreateFirstKey()
  const key = create.data?.key
  return (
    <section className={card['card']}>
      <h3 className={card['title']}>{t('firstRun.connect')}</h3>
      <div className={styles['way']}>
        <p>{t('firstRun.connectText')}</p>
        {key === undefined ? (
          <>
            <ErrorAlert error={create.error} />
            <OnlineButton loading={create.isPending} onClick={() => create.mutate()}>
              {t('firstRun.createKey')}
            </OnlineButton>
          </>
        ) : (
          <>
            <p className={layout['meta']}>{t('keys.doneText')}</p>
            <CommandBlock command={key} />
            <p>{t('firstRun.send')}</p>
            <CommandBlock command={firstEventCommands(location.origin, site, openedAt, { apiKey: key }).event} />
            <p className={styles['waiting']} role="status">
              <span className={styles['dot']} aria-hidden />
              {t('firstRun.waiting')}
            </p>
          </>
        )}
        <a href="/docs">{t('firstRun.apiReference')}</a>
      </div>
    </section>
  )
}

function ImportFile() {
  const { t } = useText()
  const { site } = useMe()
  return (
    <section className={card['card']}>
      <h3 className={card['title']}>{t('firstRun.import')}</h3>
      <div className={styles['way']}>
        <p>{t('firstRun.importText')}</p>
        <Link className={button['link']} to="/imports/new">
          {t('imports.new')}
        </Link>
        <p className={layout['meta']}>{t('firstRun.importCommand')}</p>
        <CommandBlock command={importCommand(site)} />
      </div>
    </section>
  )
}

/** Leads to the sample, on an installation that has one. */
function SeeSample() {
  const { t } = useText()
  const { data } = useQuery(signInOptionsQuery)
  if (data === undefined || data.sampleRoles.length === 0) return null
  return (
    <section className={card['card']}>
      <h3 className={card['title']}>{t('firstRun.sample')}</h3>
      <div className={styles['way']}>
        <p>{t('firstRun.sampleText')}</p>
        <a className={clsx(button['link'], button['quiet'])} href="/?page=start">
          {t('firstRun.toSample')}
        </a>
      </div>
    </section>
  )
}
