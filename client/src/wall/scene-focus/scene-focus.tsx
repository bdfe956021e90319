import type { Board } from '@stagewatch/shared/contract/board.ts'
import { PanelGuard } from '../panel-guard.tsx'
import { Ageing } from './ageing.tsx'
import { FocusBand } from './focus-band.tsx'
import { FocusList } from './focus-list.tsx'
import { LastHours } from './last-hours.tsx'
import './scene-focus.css'

/** One stage large: what is in it, how late, for how long already, and who has it. */
export function SceneFocus({ board, stage }: { readonly board: Board; readonly stage: string }) {
  return (
    <>
      <PanelGuard board={board} area="band" renderPanel={(shown) => <FocusBand board={shown} stage={stage} />} />
      <PanelGuard board={board} area="ageing" renderPanel={(shown) => <Ageing board={shown} stage={stage} />} />
      <PanelGuard board={board} area="hours" renderPanel={(shown) => <LastHours board={shown} stage={stage} />} />
      <PanelGuard board={board} area="list" renderPanel={(shown) => <FocusList board={shown} stage={stage} />} />
    </>
  )
}
