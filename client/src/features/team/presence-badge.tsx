import type { AbsenceView, TeamMember } from '@stagewatch/shared/contract/team.ts'
import { clsx } from 'clsx'
import layout from '../../components/layout/layout.module.css'
import note from '../../components/note.module.css'
import { locales, type Language } from '@stagewatch/shared/domain/locales.ts'
import { useText } from '../../locales/use-text.ts'

const dayAndTime = { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const
const farAwayMs = 366 * 86_400_000

interface PresenceBadgeProps {
  readonly member: Pick<TeamMember, 'presence' | 'timeZone'>
  /** Names of people by their ids. */
  readonly names: ReadonlyMap<string, string>
  /** Epoch ms. */
  readonly asOf: number
}

/** Whether somebody is at work now, and until when, in their time zone. */
export function PresenceBadge({ member: { presence, timeZone }, names, asOf }: PresenceBadgeProps) {
  const { t, language } = useText()
  const time = (at: number) =>
    new Date(at).toLocaleString(locales[language].formatTag, { ...dayAndTime, timeZone, hourCycle: 'h23' })
  const at = presence.state === 'off' ? presence.next : presence.until
  const deputy = presence.state === 'absent' ? names.get(presence.deputyId ?? '') : undefined
  return (
    <>
      <span className={clsx(note['badge'], presence.state !== 'here' && note['sample'])}>
        {t(`team.${presence.state}`)}
      </span>
      {/* The end of work is omitted for people who work around the clock. */}
      {at !== undefined && at - asOf <= farAwayMs && (
        <div className={layout['meta']}>{t(`team.${presence.state}Until`, { time: time(at) })}</div>
      )}
      {deputy !== undefined && <div className={layout['meta']}>{t('team.standsIn', { name: deputy })}</div>}
    </>
  )
}

/** `24 Dec – 27 Dec`, `24 Dec 14:00 – 18:00`: an absence in the person's time zone; the year if it is not this year. */
export function absenceText(
  { from, to, fromTime, toTime }: Pick<AbsenceView, 'from' | 'to' | 'fromTime' | 'toTime'>,
  language: Language,
): string {
  const day = (date: string): string => {
    const year = date.slice(0, 4) === String(new Date().getFullYear()) ? {} : ({ year: 'numeric' } as const)
    const format = { day: 'numeric', month: 'short', timeZone: 'UTC', ...year } as const
    return new Date(`${date}T00:00Z`).toLocaleDateString(locales[language].formatTag, format)
  }
  const begin = [day(from), fromTime].filter((part) => part !== undefined).join(' ')
  const end = [from === to ? undefined : day(to), toTime].filter((part) => part !== undefined).join(' ')
  return end === '' ? begin : `${begin} – ${end}`
}
