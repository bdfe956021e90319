import type { Scene } from '@stagewatch/shared/contract/screen.ts'
import { SceneAndon } from './scene-andon/scene-andon.tsx'
import { SceneFocus } from './scene-focus/scene-focus.tsx'
import { SceneOverview } from './scene-overview/scene-overview.tsx'

interface WallSceneProps {
  readonly scene: Scene
  /** Stage of the focus scene. */
  readonly stage: string | undefined
  readonly numbersOnly: boolean
}

export function WallScene({ scene, stage, numbersOnly }: WallSceneProps) {
  switch (scene) {
    case 'andon':
      return <SceneAndon numbersOnly={numbersOnly} />
    case 'stageFocus':
      return stage === undefined ? null : <SceneFocus stage={stage} />
    case 'overview':
      return <SceneOverview numbersOnly={numbersOnly} />
  }
}
