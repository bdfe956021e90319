import { Button } from '@mantine/core'
import type { Screen } from '@stagewatch/shared/contract/screen.ts'
import { clsx } from 'clsx'
import { useDepartmentNames } from '../../api/department-names.ts'
import { useMe } from '../../api/session.ts'
import { ConfirmButton } from '../../components/confirm-button.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import layout from '../../components/layout/layout.module.css'
import note from '../../components/note.module.css'
import { OnlineButton } from '../../components/online-button.tsx'
import { StatusGlyph } from '../../components/status-glyph.tsx'
import { stopwatch } from '../../format/duration.ts'
import { instantText, useAgo } from '../../format/instant-text.ts'
import { useText } from '../../locales/use-text.ts'
import { useRevokeScreen, useScreenCommand } from './api.ts'
import styles from './screens.module.css'

interface ScreenCardProps {
  readonly screen: Screen
  /** The build that a screen should be running. */
  readonly build: string
  /** Epoch ms. */
  readonly asOf: number
  readonly isEdited: boolean
  readonly onEdit: () => void
}

export function ScreenCard({ screen, build, asOf, isEdited, onEdit }: ScreenCardProps) {
  const { t } = useText()
  const { actions } = useMe()
  const { namesOf } = useDepartmentNames()
  const { name, settings } = screen
  const shows = [
    settings.board === 'overview' ? undefined : settings.board,
    settings.departments === undefined ? t('departments.all') : namesOf(settings.departments),
    settings.scenes.map((scene) => t(`screen.scene.${scene}`)).join(' → '),
    t(`density.${settings.density}`),
  ].filter((part) => part !== undefined)
  return (
    <article className={styles['screen']}>
      <div className={styles['head']}>
        <h2 className={styles['name']}>{name}</h2>
        <ScreenState screen={screen} asOf={asOf} />
        <p className={clsx(layout['meta'], styles['shows'])}>{shows.join(' · ')}</p>
      </div>
      <ScreenFacts screen={screen} build={build} asOf={asOf} />
      {actions.includes('screens.manage') && (
        <div className={layout['row']}>
          <Button variant="default" aria-expanded={isEdited} aria-label={`${t('desk.edit')}: ${name}`} onClick={onEdit}>
            {t('desk.edit')}
          </Button>
          <ScreenActions screen={screen} />
        </div>
      )}
    </article>
  )
}

function ScreenActions({ screen }: { readonly screen: Screen }) {
  const { t } = useText()
  const { id, name, online } = screen
  const command = useScreenCommand(id)
  const revoke = useRevokeScreen(id)
  return (
    <>
      {(['identify', 'reload'] as const).map((what) => (
        <OnlineButton
          key={what}
          variant="default"
          aria-label={`${t(`screen.${what}`)}: ${name}`}
          disabled={!online}
          loading={command.isPending && command.variables === what}
          onClick={() => command.mutate(what)}
        >
          {t(`screen.${what}`)}
        </OnlineButton>
      ))}
      <ConfirmButton
        label={t('screen.revoke')}
        about={name}
        question={t('screen.revokeQuestion', { name })}
        busy={revoke.isPending}
        onConfirm={() => revoke.mutate()}
      />
      <ErrorAlert error={command.error ?? revoke.error} />
    </>
  )
}

interface ScreenFactsProps {
  readonly screen: Screen
  readonly build: string
  /** Epoch ms. */
  readonly asOf: number
}

const staleAfterMs = 15_000
const mebibyte = 2 ** 20

/** Facts from the screen's last report; values that it never reported are a dash. */
function ScreenFacts({ screen, build, asOf }: ScreenFactsProps) {
  const { t, language } = useText()
  const { report, address, approvedBy, pairedAt } = screen
  const isOld = report !== undefined && report.build !== build
  const isStale = report !== undefined && report.dataAgeMs > staleAfterMs
  const facts: readonly (readonly [label: string, value: string, warns?: boolean])[] = [
    [t('screen.version'), report === undefined ? '—' : t(isOld ? 'screen.versionOld' : 'screen.versionCurrent'), isOld],
    [t('screen.dataAge'), report === undefined ? '—' : stopwatch(report.dataAgeMs), isStale],
    [t('screen.reconnects'), report === undefined ? '—' : String(report.reconnects)],
    [t('screen.memory'), report?.memoryBytes === undefined ? '—' : `${Math.round(report.memoryBytes / mebibyte)} MB`],
    [t('screen.size'), report === undefined ? '—' : `${report.width} × ${report.height}`],
    [t('screen.address'), address ?? '—'],
    [t('screen.approved'), `${approvedBy} · ${instantText(pairedAt, asOf, language)}`],
  ]
  return (
    <dl className={styles['facts']}>
      {facts.map(([label, value, warns = false]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className={warns ? styles['warning'] : undefined}>
            {warns && <StatusGlyph state="atRisk" />}
            {value}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** A code is valid for ten minutes, and a running screen polls every few seconds. */
const comesWithinMs = 660_000

interface ScreenStateProps {
  readonly screen: Screen
  /** Epoch ms. */
  readonly asOf: number
}

function ScreenState({ screen, asOf }: ScreenStateProps) {
  const { t } = useText()
  const ago = useAgo()
  const { online, lastSeenAt, confirmedAt, pairedAt } = screen
  if (confirmedAt === undefined) {
    const isLate = asOf - pairedAt > comesWithinMs
    return (
      <span className={clsx(note['badge'], isLate && note['overdue'])}>
        <StatusGlyph state={isLate ? 'overdue' : 'atRisk'} />
        {t(isLate ? 'screen.neverCame' : 'screen.waiting')}
      </span>
    )
  }
  if (online) {
    return (
      <span className={note['badge']}>
        <StatusGlyph state="onTrack" />
        {t('screen.online')}
      </span>
    )
  }
  return (
    <span className={clsx(note['badge'], note['overdue'])}>
      <StatusGlyph state="overdue" />
      {lastSeenAt === undefined ? t('screen.neverSeen') : t('screen.offline', { time: ago(lastSeenAt, asOf) })}
    </span>
  )
}
