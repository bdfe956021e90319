import { memo } from 'react'
import { Panel } from '../panel.tsx'
import { KpiBand } from './kpi-band/kpi-band.tsx'
import { OverdueList } from './overdue-list/overdue-list.tsx'
import './scene-overview.css'
import { StageMatrix } from './stage-matrix/stage-matrix.tsx'

const kpiKeys = ['kpis', 'trend', 'stages', 'stageOrder'] as const
const matrixKeys = ['site', 'process', 'stages', 'stageOrder', 'bottleneck', 'heatmap', 'sources', 'kpis'] as const
const listKeys = [
  'site',
  'kpis',
  'stages',
  'stageOrder',
  'overdue',
  'upcoming',
  'newestBreach',
  'lastMovedOn',
  'recording',
] as const

/** The whole plant: six numbers, every stage, and the orders that have been overdue the longest. */
export const SceneOverview = memo(function SceneOverview({ numbersOnly }: { readonly numbersOnly: boolean }) {
  return (
    <>
      <Panel area="kpi" keys={kpiKeys} renderPanel={(board) => <KpiBand board={board} />} />
      {!numbersOnly && (
        <>
          <Panel area="matrix" keys={matrixKeys} renderPanel={(board) => <StageMatrix board={board} />} />
          <Panel area="list" keys={listKeys} renderPanel={(board) => <OverdueList board={board} />} />
        </>
      )}
    </>
  )
})
