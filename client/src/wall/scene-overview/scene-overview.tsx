import type { Board } from '@stagewatch/shared/contract/board.ts'
import { PanelGuard } from '../panel-guard.tsx'
import { KpiBand } from './kpi-band/kpi-band.tsx'
import { OverdueList } from './overdue-list/overdue-list.tsx'
import './scene-overview.css'
import { StageMatrix } from './stage-matrix/stage-matrix.tsx'

/** The whole plant: six numbers, every stage, and the orders that are longest overdue. */
export function SceneOverview({ board, numbersOnly }: { readonly board: Board; readonly numbersOnly: boolean }) {
  return (
    <>
      <PanelGuard board={board} area="kpi" renderPanel={(shown) => <KpiBand board={shown} />} />
      {!numbersOnly && (
        <>
          <PanelGuard board={board} area="matrix" renderPanel={(shown) => <StageMatrix board={shown} />} />
          <PanelGuard board={board} area="list" renderPanel={(shown) => <OverdueList board={shown} />} />
        </>
      )}
    </>
  )
}
