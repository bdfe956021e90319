import { problemFindings } from '@stagewatch/shared/contract/server-status.ts'
import type { ServerStatus, StatusCheck } from '@stagewatch/shared/contract/server-status.ts'
import { Link } from '@tanstack/react-router'
import { clsx } from 'clsx'
import card from '../../components/card.module.css'
import layout from '../../components/layout/layout.module.css'
import note from '../../components/note.module.css'
import { StatusGlyph } from '../../components/status-glyph.tsx'
import { bytesText } from '../../format/unit-text.ts'
import { instantText } from '../../format/instant-text.ts'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import styles from './status.module.css'
import { useShortDuration } from './use-short-duration.ts'

/** The pages on which a problem can be looked at and solved. */
const pages = {
  quarantine_filled: ['/sources', 'nav.sources'],
  sources_late: ['/sources', 'nav.sources'],
  calendars_incomplete: ['/calendars', 'calendars.title'],
} as const

type ProblemFinding = (typeof problemFindings)[number]

function isProblem(finding: StatusCheck['finding']): finding is ProblemFinding {
  return (problemFindings as readonly string[]).includes(finding)
}

function hasPage(finding: StatusCheck['finding']): finding is keyof typeof pages {
  return finding in pages
}

/** The verdict, then every check: problems first, each with what to do. */
export function Checks({ status: { checks, checkedAt, asOf } }: { readonly status: ServerStatus }) {
  const { t, language } = useText()
  const problemCount = checks.filter(({ ok }) => !ok).length
  return (
    <section className={card['card']}>
      <h2 className={card['title']}>{t('status.checks')}</h2>
      <p className={clsx(note['note'], problemCount > 0 && note['error'])} role="status">
        <strong>
          {problemCount === 0
            ? t('status.allOk')
            : t('status.problems', { count: problemCount, shown: formatCount(problemCount, language) })}
        </strong>
      </p>
      <ul className={styles['checks']}>
        {checks.map((check) => (
          <li key={check.finding}>
            <StatusGlyph
              state={check.ok ? 'onTrack' : 'overdue'}
              quiet={check.ok}
              {...(!check.ok && { label: t('status.problem') })}
            />
            <Finding check={check} />
          </li>
        ))}
      </ul>
      <p className={layout['meta']}>{t('status.checkedAt', { time: instantText(checkedAt, asOf, language) })}</p>
    </section>
  )
}

function Finding({ check }: { readonly check: StatusCheck }) {
  const { t, language } = useText()
  const duration = useShortDuration()
  const { finding, ok, count = 0, total = 0, ms = 0, bytes = 0, names = [] } = check
  const text = t(`status.found.${finding}`, {
    shown: formatCount(count, language),
    total: formatCount(total, language),
    duration: duration(ms),
    size: bytesText(bytes, language),
    names: [...names, ...(count > names.length ? ['…'] : [])].join(t('listComma')),
  })
  if (ok) return <div className={layout['break']}>{text}</div>
  return (
    <div className={layout['break']}>
      <strong>{text}</strong>
      {isProblem(finding) && <div>{t(`status.advice.${finding}`)}</div>}
      {hasPage(finding) && <Link to={pages[finding][0]}>{t('status.link', { page: t(pages[finding][1]) })}</Link>}
    </div>
  )
}
