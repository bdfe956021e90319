import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { Scene } from '@stagewatch/shared/contract/screen.ts'
import { useEffect, useState } from 'react'
import { useScreenSettings } from '../live/live-context.ts'
import { useTick } from '../live/use-shown-time.ts'
import { chime } from './chime.ts'
import { criticalBreach } from './breaches.ts'
import { focusStage, holdFocus, turn, turningScenes, withStage, type Rotation } from './rotation.ts'

/** The parts of the board that decide about scenes. */
type RotatedBoard = Pick<Board, 'bottleneck' | 'stageOrder' | 'stages' | 'newestBreach' | 'kpis'>

export interface SceneTurn extends Omit<Rotation, 'stage'> {
  readonly scenes: readonly Scene[]
  /** Stage of the focus scene. */
  readonly stage: string | undefined
}

/** The current scene. `running`: false while a new scene would show unreliable numbers. */
export function useRotation(board: RotatedBoard | undefined, shownNow: number, running: boolean): SceneTurn {
  const settings = useScreenSettings()
  const now = useTick()
  const [seen, setSeen] = useState(board)
  const [rotation, setRotation] = useState<Rotation>(() => ({ scene: settings.scenes[0] ?? 'overview', since: now }))
  const candidate = board && focusStage(board)
  const kept = rotation.scene === 'stageFocus' ? rotation.stage : undefined
  const hasFocus = (kept ?? candidate ?? rotation.hold?.stage) !== undefined
  const scenes = turningScenes(settings, hasFocus)
  const critical = board && seen !== board ? criticalBreach(seen, board, shownNow) : undefined
  if (seen !== board) setSeen(board)
  const turned = critical
    ? holdFocus(rotation, scenes, critical.stage, now)
    : running
      ? turn(rotation, scenes, settings.rotation, now)
      : rotation
  const next = withStage(rotation, turned, candidate)
  if (next !== rotation) setRotation(next)

  const alarm = settings.chime ? next.hold?.until : undefined
  useEffect(() => {
    if (alarm !== undefined) void chime()
  }, [alarm])
  return { ...next, scenes, stage: next.stage }
}
