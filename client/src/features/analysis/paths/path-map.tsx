import type { PathsAnswer } from '@stagewatch/shared/contract/analysis-paths.ts'
import { useMemo, type CSSProperties } from 'react'
import { middleEllipsis } from '../../../format/shorten.ts'
import { useAnalysisText } from '../use-analysis-text.ts'
import { layoutMap, mapWidth, nodeHeight, nodeLeft, nodeWidth, stepLength } from './map-layout.ts'
import styles from './paths.module.css'

interface PathMapProps {
  readonly answer: PathsAnswer
}

/** In characters. */
const maxName = 20
const thickest = 7

/** Stages from top to bottom, with skipping moves on the left and backward moves on the right. */
export function PathMap({ answer: { stages, moves, orders } }: PathMapProps) {
  const { t, nameOf, count, duration } = useAnalysisText()
  const { height, nodes, steps, arcs, hidden } = useMemo(() => layoutMap(stages, moves), [stages, moves])
  const most = Math.max(1, ...moves.map((move) => move.moves))
  const widthOf = (times: number): CSSProperties => ({ strokeWidth: 1 + (thickest - 1) * Math.sqrt(times / most) })
  const kindOf = (kind: string): string => (kind === 'skip' || kind === 'rework' ? 'deviation' : 'allowed')
  const middle = nodeLeft + nodeWidth / 2
  return (
    <>
      <svg
        className={styles['map']}
        viewBox={`-4 -4 ${mapWidth + 8} ${height + 8}`}
        role="img"
        aria-label={t('paths.map.summary', { orders: count(orders), stages: count(stages.length) })}
      >
        {steps.map(({ move, y }) => (
          <g key={move.from} data-kind={kindOf(move.kind)} className={styles['move']}>
            <path d={`M ${middle} ${y} v ${stepLength}`} style={widthOf(move.moves)} />
            <path className={styles['head']} d={`M ${middle - 6} ${y + stepLength - 7} l 6 7 l 6 -7 z`} />
            <text x={middle + 10} y={y + stepLength / 2 + 5}>
              {count(move.moves)}
            </text>
          </g>
        ))}
        {arcs.map(({ move, path, isBack, labelX, labelY }) => (
          <g key={`${move.from} ${move.to}`} data-kind={kindOf(move.kind)} className={styles['move']}>
            <path d={path} style={widthOf(move.moves)} />
            <path className={styles['head']} d={headOf(path, isBack)} />
            <text x={labelX} y={labelY} textAnchor={isBack ? 'start' : 'end'}>
              {count(move.moves)}
            </text>
          </g>
        ))}
        {nodes.map(({ stage, y }) => (
          <g key={stage.stage} className={styles['node']} data-empty={stage.visits === 0 || undefined}>
            <rect x={nodeLeft} y={y} width={nodeWidth} height={nodeHeight} rx={6} />
            <text x={nodeLeft + 10} y={y + 19} className={styles['name']}>
              {middleEllipsis(nameOf(stage.name), maxName)}
            </text>
            <text x={nodeLeft + 10} y={y + 38}>
              {t('paths.map.node', { visits: count(stage.visits), p50: duration(stage.p50Ms) })}
            </text>
          </g>
        ))}
      </svg>
      <p className={styles['note']}>
        {t('paths.map.legend')}
        {hidden > 0 && ` ${t('paths.map.hidden', { count: hidden, value: count(hidden) })}`}
      </p>
    </>
  )
}

/** The arrowhead at the end of an arc. */
function headOf(path: string, isBack: boolean): string {
  const y = path.split(' ').at(-1) ?? '0'
  const [x, side] = isBack ? [nodeLeft + nodeWidth, 7] : [nodeLeft, -7]
  return `M ${x + side} ${Number(y) - 5} l ${-side} 5 l ${side} 5 z`
}
