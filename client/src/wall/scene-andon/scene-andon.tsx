import type { Board } from '@stagewatch/shared/contract/board.ts'
import { PanelGuard } from '../panel-guard.tsx'
import { AndonCells } from './andon-cells.tsx'
import { AndonNumbers } from './andon-numbers.tsx'
import { AndonRows } from './andon-rows.tsx'
import './scene-andon.css'

/** For people far away: four numbers, a cell for every stage, the three worst orders; nothing below 48 pixels. */
export function SceneAndon({ board, numbersOnly }: { readonly board: Board; readonly numbersOnly: boolean }) {
  return (
    <>
      <PanelGuard board={board} area="numbers" renderPanel={(shown) => <AndonNumbers kpis={shown.kpis} />} />
      {!numbersOnly && (
        <>
          <PanelGuard board={board} area="cells" renderPanel={(shown) => <AndonCells board={shown} />} />
          <PanelGuard board={board} area="rows" renderPanel={(shown) => <AndonRows board={shown} />} />
        </>
      )}
    </>
  )
}
