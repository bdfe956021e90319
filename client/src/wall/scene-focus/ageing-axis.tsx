import { durationUnit, inUnit } from '../../format/duration.ts'
import { formatNet } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import { useSpan } from '../time-texts.ts'
import type { StageFocus } from '@stagewatch/shared/contract/board.ts'

/** A label needs as much room as four of the axis' thirty bins. */
const minShare = 4 / 30
const hourMs = 3_600_000

interface AgeingAxisProps {
  readonly plot: StageFocus['ageing']
  /** The default limit of the stage. Undefined if it has none. */
  readonly limitMs: number | undefined
}

/** Distances before and after the limit in whole steps, and a label at the limit itself. */
export function AgeingAxis({ plot: { bins, limitAt, stepMs }, limitMs }: AgeingAxisProps) {
  const { t, language } = useText()
  const span = useSpan()
  const every = binsPerLabel(Math.ceil(bins.length * minShare), bins.length, stepMs)
  const edges = Array.from({ length: bins.length + 1 }, (_, edge) => edge - limitAt)
  const clear = bins.length * minShare * 1.2
  return (
    <div className="ageing__axis" aria-hidden>
      {edges
        .filter((edge) => edge % every === 0 && Math.abs(edge) >= clear && inside(edge + limitAt, bins.length))
        .map((edge) => (
          <span key={edge} className="ageing__tick" style={{ left: place(edge + limitAt, bins.length) }}>
            {label(edge * stepMs)}
          </span>
        ))}
      <strong
        className="ageing__tick ageing__tick--limit"
        style={{ left: `clamp(90 * var(--u), ${place(limitAt, bins.length)}, 100% - 90 * var(--u))` }}
      >
        {t('focus.atLimit', { limit: limitMs === undefined ? '' : span(limitMs) })}
      </strong>
    </div>
  )

  function label(ms: number): string {
    const unit = durationUnit(Math.abs(ms))
    return `${formatNet(inUnit(ms, unit), language)}${t(`unit.${unit}`)}`
  }
}

/**
 * Number of bins between labels, chosen so that the labels are whole hours, or tens of minutes if an hour is too wide.
 */
function binsPerLabel(least: number, binCount: number, stepMs: number): number {
  const round = binCount * stepMs > 3 * hourMs ? hourMs : hourMs / 6
  for (let count = Math.max(1, least); count <= binCount; count++) if ((count * stepMs) % round === 0) return count
  return Math.max(1, least)
}

function inside(edge: number, count: number): boolean {
  return edge / count > 0.03 && edge / count < 0.97
}

function place(edge: number, count: number): string {
  return `${(edge / count) * 100}%`
}
