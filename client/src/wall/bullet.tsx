import './bullet.css'
import type { StageColumn } from '@stagewatch/shared/contract/board.ts'

/** The track ends at 125 % of the limit. */
const trackRatio = 1.25

/** Median compared with the limit: the bar is the median, the tick is the limit. Without a limit, nothing is drawn. */
export function Bullet({ medianMs, targetMs }: Pick<StageColumn, 'medianMs' | 'targetMs'>) {
  if (targetMs === undefined) return <span className="bullet bullet--none" />
  const filled = Math.min(1, (medianMs ?? 0) / targetMs / trackRatio)
  return (
    <span className="bullet">
      <span className="bullet__bar" style={{ width: `${filled * 100}%` }} />
      <span className="bullet__tick" style={{ left: `${100 / trackRatio}%` }} />
    </span>
  )
}
