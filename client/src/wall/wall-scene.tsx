import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { Scene } from '@stagewatch/shared/contract/screen.ts'
import { SceneAndon } from './scene-andon/scene-andon.tsx'
import { SceneFocus } from './scene-focus/scene-focus.tsx'
import { SceneOverview } from './scene-overview/scene-overview.tsx'

interface WallSceneProps {
  readonly scene: Scene
  readonly board: Board
  /** The stage of the focus scene. */
  readonly stage: string | undefined
  readonly numbersOnly: boolean
}

export function WallScene({ scene, board, stage, numbersOnly }: WallSceneProps) {
  switch (scene) {
    case 'andon':
      return <SceneAndon board={board} numbersOnly={numbersOnly} />
    case 'stageFocus':
      return stage === undefined ? null : <SceneFocus board={board} stage={stage} />
    case 'overview':
      return <SceneOverview board={board} numbersOnly={numbersOnly} />
  }
}
