import type { ServerStatus } from '@stagewatch/shared/contract/server-status.ts'
import type { ReactNode } from 'react'
import card from '../../components/card.module.css'
import layout from '../../components/layout/layout.module.css'
import { bytesText } from '../../format/unit-text.ts'
import { instantText, useAgo } from '../../format/instant-text.ts'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import styles from './status.module.css'
import { useShortDuration } from './use-short-duration.ts'

interface FactsProps {
  readonly status: ServerStatus
}

export function Facts({ status }: FactsProps) {
  return (
    <div className={styles['facts']}>
      <ServerFacts status={status} />
      <DatabaseFacts status={status} />
      <LogFacts status={status} />
      <BackupFacts status={status} />
    </div>
  )
}

function ServerFacts({ status: { server, screens } }: FactsProps) {
  const { level, lastShed } = server.load
  const { t, language } = useText()
  const duration = useShortDuration()
  const count = (value: number) => formatCount(value, language)
  const connected = t('status.screensOf', { online: count(screens.online), paired: count(screens.paired) })
  return (
    <FactCard
      title={t('status.server')}
      facts={[
        [t('status.version'), server.version],
        [t('status.uptime'), duration(server.uptimeMs)],
        [t('status.screens'), connected],
        [
          t('status.load'),
          lastShed === undefined
            ? t('status.loadNormal')
            : t('status.loadShed', { level, work: t(`status.shed.${lastShed}`) }),
        ],
      ]}
    />
  )
}

function DatabaseFacts({ status: { database } }: FactsProps) {
  const { t, language } = useText()
  const { kind, version, bytes, freeBytes, fullInDays: days } = database
  const full =
    days === undefined ? t('status.notSoon') : t('status.fullDays', { count: days, shown: formatCount(days, language) })
  return (
    <FactCard
      title={t('status.database')}
      facts={[
        [t('status.kind'), t(`status.${kind}`, { version })],
        [t('status.size'), bytesText(bytes, language)],
        [t('status.free'), freeBytes === undefined ? t('status.elsewhere') : bytesText(freeBytes, language)],
        ...(freeBytes === undefined ? [] : ([[t('status.full'), full]] as const)),
      ]}
    />
  )
}

function LogFacts({ status: { asOf, log } }: FactsProps) {
  const { t, language } = useText()
  const duration = useShortDuration()
  const { waitingEvents, heldMs, dataAsOf } = log
  return (
    <FactCard
      title={t('status.log')}
      facts={[
        [t('status.waiting'), formatCount(waitingEvents, language)],
        [t('status.held'), heldMs === 0 ? t('status.none') : t('status.heldFor', { duration: duration(heldMs) })],
        [
          t('status.current'),
          dataAsOf === undefined
            ? t('status.upToDate')
            : t('status.dataAsOf', { time: instantText(dataAsOf, asOf, language) }),
        ],
      ]}
    />
  )
}

function BackupFacts({ status: { asOf, backup } }: FactsProps) {
  const { t, language } = useText()
  const ago = useAgo()
  const { dailyAt, newest } = backup
  return (
    <FactCard
      title={t('status.backup')}
      facts={[
        [
          t('status.daily'),
          dailyAt === undefined ? t('status.notScheduled') : t('status.dailyTime', { time: dailyAt }),
        ],
        [
          t('status.newest'),
          newest === undefined ? (
            t('status.none')
          ) : (
            <>
              {ago(newest.completedAt, asOf)}
              <div className={layout['meta']}>{bytesText(newest.bytes, language)}</div>
            </>
          ),
        ],
      ]}
    />
  )
}

interface FactCardProps {
  readonly title: string
  readonly facts: readonly (readonly [name: string, value: ReactNode])[]
}

function FactCard({ title, facts }: FactCardProps) {
  return (
    <section className={card['card']}>
      <h2 className={card['title']}>{title}</h2>
      <dl className={styles['pairs']}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
