import type { ImportDetail, ImportView } from '@stagewatch/shared/contract/imports.ts'
import { Link } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { Download } from 'lucide-react'
import { useMe } from '../../../api/session.ts'
import button from '../../../components/button.module.css'
import card from '../../../components/card.module.css'
import layout from '../../../components/layout/layout.module.css'
import { wallPath } from '../../../components/layout/wall-path.ts'
import note from '../../../components/note.module.css'
import { instantText } from '../../../format/instant-text.ts'
import { formatCount } from '../../../format/quantity.ts'
import { useDurationText } from '../../../format/use-duration-text.ts'
import { useText } from '../../../locales/use-text.ts'
import { useBreakOffText } from '../report/use-report-texts.ts'
import { rejectedRowsPath } from '../api.ts'
import { ImportCounts } from './import-counts.tsx'
import styles from './run.module.css'
import { UndoImport } from './undo-import.tsx'

interface ImportResultProps {
  readonly found: ImportDetail
  /** Epoch ms. */
  readonly now: number
}

const titles = {
  done: 'imports.run.doneTitle',
  brokenOff: 'imports.run.brokenTitle',
  undoing: 'imports.run.undoingTitle',
  undone: 'imports.run.undoneTitle',
} as const

/** A finished import: its result, and the available actions. */
export function ImportResult({ found, now }: ImportResultProps) {
  const { t, language } = useText()
  const duration = useDurationText()
  const { id, file, state, actor, startedAt, endedAt, hasErrorsFile, accepted } = found
  const { site, actions } = useMe()
  if (state === 'waiting' || state === 'running') return null
  const tookMs = endedAt === undefined ? undefined : endedAt - startedAt
  return (
    <section className={clsx(card['card'], layout['stack'])}>
      <div className={styles['head']}>
        <div>
          <h2 className={clsx(card['stateTitle'], layout['break'])}>{t(titles[state], { file })}</h2>
          <p className={layout['meta']}>
            {t('imports.run.by', { actor, time: instantText(startedAt, now, language) })}
            {tookMs !== undefined && tookMs >= 60_000 && ` · ${t('imports.run.took', { time: duration(tookMs) })}`}
          </p>
        </div>
        <UndoImport undone={found} />
      </div>
      {found.report === undefined && <ImportCounts counts={found} />}
      <Outcome found={found} now={now} />
      <div className={styles['links']}>
        {accepted > 0 && state !== 'undone' && actions.includes('orders.read') && (
          <Link className={button['link']} to="/orders">
            {t('imports.run.toOrders')}
          </Link>
        )}
        {actions.includes('numbers.read') && <Link to="/overview">{t('imports.run.toOverview')}</Link>}
        {actions.includes('board.read') && <a href={wallPath(site, language)}>{t('imports.run.toWall')}</a>}
        {hasErrorsFile && (
          <a className={styles['download']} href={rejectedRowsPath(site, id)} download>
            <Download size={16} aria-hidden />
            {t('imports.run.errors')}
          </a>
        )}
        <Link to="/imports/new">{t('imports.run.again')}</Link>
      </div>
    </section>
  )
}

/** Explains an unusual outcome. */
function Outcome({ found, now }: { readonly found: ImportView; readonly now: number }) {
  const { t, language } = useText()
  const breakOffText = useBreakOffText()
  const { state, brokenOff, brokenOffCause, undo } = found
  if (state === 'brokenOff' && brokenOff !== undefined) {
    return (
      <div className={clsx(note['note'], note['warning'])} role="status">
        <div>
          <p>{t('imports.run.brokenText')}</p>
          <p className={layout['break']}>
            {t('imports.run.brokenReason', { reason: breakOffText(brokenOffCause) ?? brokenOff })}
          </p>
        </div>
      </div>
    )
  }
  if (undo === undefined) return null
  const { actor, reason, events, endedAt } = undo
  return (
    <p className={clsx(note['note'], layout['break'])} role="status">
      {endedAt === undefined
        ? t('imports.undo.progress', { count: events, shown: formatCount(events, language) })
        : t('imports.undo.done', { actor, reason, time: instantText(endedAt, now, language) })}
    </p>
  )
}
