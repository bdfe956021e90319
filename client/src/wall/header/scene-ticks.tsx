import { stopwatch } from '../../format/duration.ts'
import { useScreenSettings } from '../../live/live-context.ts'
import { useTick } from '../../live/use-shown-time.ts'
import { useText } from '../../locales/use-text.ts'
import { shownForMs } from '../rotation.ts'
import type { SceneTurn } from '../use-rotation.ts'

/**
 * One tick per scene; the current one fills up. While a critical breach holds its scene, the tick shows how long it
 * remains.
 */
export function SceneTicks({ turn: { scene, scenes, since, hold } }: { readonly turn: SceneTurn }) {
  const { t } = useText()
  const { rotation } = useScreenSettings()
  const now = useTick()
  if (hold !== undefined) {
    return (
      <span className="header__hold" role="status">
        {t('scene.held', { time: stopwatch(hold.until - now) })}
      </span>
    )
  }
  if (scenes.length < 2) return null
  const passed = Math.min(1, (now - since) / shownForMs(scene, scenes, rotation))
  return (
    <span className="ticks" aria-hidden>
      {scenes.map((each) => (
        <span key={each} className="ticks__tick">
          {each === scene && <span className="ticks__passed" style={{ width: `${Math.round(passed * 100)}%` }} />}
        </span>
      ))}
    </span>
  )
}
