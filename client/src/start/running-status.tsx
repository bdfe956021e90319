import type { StartInfo } from '@stagewatch/shared/contract/start.ts'
import type { StageState } from '@stagewatch/shared/domain/stage-state.ts'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { Health } from '../api/health.ts'
import { StatusGlyph } from '../components/status-glyph.tsx'
import { useText } from '../locales/use-text.ts'
import { startHealthQuery } from './start-queries.ts'

const glyphOf: Record<Health | 'checking', StageState> = {
  ready: 'onTrack',
  starting: 'atRisk',
  databaseAway: 'overdue',
  diskFull: 'overdue',
  unreachable: 'overdue',
  checking: 'unknown',
}

/** One line: whether the server is up, its version, its database, and who may read. */
export function RunningStatus({ start }: { readonly start: UseQueryResult<StartInfo> }) {
  const { t } = useText()
  const health = useQuery(startHealthQuery).data ?? 'checking'
  const info = start.data
  return (
    <ul className="status" aria-label={t('start.running')}>
      <li>
        <span className={`status__health status__health--${health}`} role="status">
          <StatusGlyph state={glyphOf[health]} />
          {t(`start.health.${health}`)}
        </span>
      </li>
      {info && (
        <>
          <li>{t('start.version', { version: info.version })}</li>
          <li>{t(`start.database.${info.database}`)}</li>
          <li>{t(info.readsOpen ? 'start.reads.open' : 'start.reads.closed')}</li>
        </>
      )}
    </ul>
  )
}
