import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { Scene } from '@stagewatch/shared/contract/screen.ts'
import { useEffect, useState } from 'react'
import { useScreenSettings } from '../live/screen-settings.ts'
import { useTick } from '../live/use-shown-time.ts'
import { chime } from './chime.ts'
import { criticalBreach } from './critical-breach.ts'
import { focusStage } from './focus-stage.ts'
import { holdFocus, turn, turningScenes, type Rotation } from './rotation.ts'

export interface SceneTurn extends Rotation {
  readonly scenes: readonly Scene[]
  /** The stage of the focus scene. */
  readonly stage: string | undefined
}

/** Which scene is shown now. `running`: false while nobody could trust what a new scene says. */
export function useRotation(board: Board | undefined, shownNow: number, running: boolean): SceneTurn {
  const settings = useScreenSettings()
  const now = useTick()
  const [seen, setSeen] = useState(board)
  const [rotation, setRotation] = useState<Rotation>(() => ({ scene: settings.scenes[0] ?? 'overview', since: now }))
  const stage = rotation.hold?.stage ?? (board && focusStage(board))
  const scenes = turningScenes(settings, stage !== undefined)
  const critical = board && seen !== board ? criticalBreach(seen, board, shownNow) : undefined
  if (seen !== board) setSeen(board)
  const next = critical
    ? holdFocus(rotation, scenes, critical.stage, now)
    : running
      ? turn(rotation, scenes, settings.rotation, now)
      : rotation
  if (next !== rotation) setRotation(next)

  const alarm = settings.chime ? next.hold?.until : undefined
  useEffect(() => {
    if (alarm !== undefined) chime()
  }, [alarm])
  return { ...next, scenes, stage: next.hold?.stage ?? stage }
}
