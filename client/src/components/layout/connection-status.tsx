import { clsx } from 'clsx'
import { useHealth } from '../../api/health.ts'
import { useText } from '../../locales/use-text.ts'
import { StatusGlyph } from '../status-glyph.tsx'
import styles from './connection-status.module.css'

/** Inconspicuous while the server responds. */
export function ConnectionStatus() {
  const { t } = useText()
  const health = useHealth()
  if (health === undefined) return null
  if (health === 'ready') {
    return (
      <span className={styles['status']}>
        <span className={styles['dot']} aria-hidden />
        {t('desk.connected')}
      </span>
    )
  }
  return (
    <span className={clsx(styles['status'], styles['disconnected'])} role="status">
      <StatusGlyph state="atRisk" />
      {t(health === 'unreachable' ? 'desk.cut' : `desk.${health}`)}
    </span>
  )
}
