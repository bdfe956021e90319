import styles from './kpi-cards.module.css'

interface SparklineProps {
  /** Undefined: the value is unknown. */
  readonly points: readonly (number | undefined)[]
  readonly isAlarm: boolean
}

const width = 88
const height = 30
const margin = 4

/** A line without a scale that ends in a dot, with gaps for unknown values. A table of days is its text alternative. */
export function Sparkline({ points, isAlarm }: SparklineProps) {
  const known = points.filter((point) => point !== undefined)
  if (known.length < 2) return null
  const low = Math.min(...known)
  const spread = Math.max(...known) - low
  const placed = points.map((point, i) =>
    point === undefined
      ? undefined
      : {
          x: margin + (i / (points.length - 1)) * (width - 2 * margin),
          y: spread === 0 ? height / 2 : height - margin - ((point - low) / spread) * (height - 2 * margin),
        },
  )
  const end = placed.at(-1)
  return (
    <svg className={styles['spark']} data-alarm={isAlarm || undefined} viewBox={`0 0 ${width} ${height}`} aria-hidden>
      <path d={linePath(placed)} />
      {end !== undefined && <circle cx={end.x} cy={end.y} r={3} />}
    </svg>
  )
}

/** The line starts again after a gap. */
export function linePath(points: readonly ({ readonly x: number; readonly y: number } | undefined)[]): string {
  return points
    .flatMap((point, i) => {
      if (point === undefined) return []
      return `${points[i - 1] === undefined ? 'M' : 'L'}${point.x.toFixed(1)} ${point.y.toFixed(1)}`
    })
    .join('')
}
