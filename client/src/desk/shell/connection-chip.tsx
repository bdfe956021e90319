import { useText } from '../../text/use-text.ts'
import { StatusGlyph } from '../../theme/status-glyph.tsx'
import { useHealth } from '../parts/use-health.ts'

/** Quiet while the server answers. */
export function ConnectionChip() {
  const { t } = useText()
  const health = useHealth()
  if (health === undefined) return null
  if (health === 'ready') {
    return (
      <span className="connection">
        <span className="connection__dot" aria-hidden />
        {t('desk.connected')}
      </span>
    )
  }
  return (
    <span className="connection connection--cut" role="status">
      <StatusGlyph state="atRisk" />
      {t(health === 'starting' ? 'desk.starting' : 'desk.cut')}
    </span>
  )
}
