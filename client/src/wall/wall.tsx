import { useBoard, useLive, useScreenSettings } from '../live/live-context.ts'
import { outageOf } from '../live/connection-state.ts'
import { useConnection, useShownTime } from '../live/use-shown-time.ts'
import { DisconnectedBanner } from './connection/disconnected-banner.tsx'
import { EmptySite } from './connection/empty-site.tsx'
import { Loading } from './connection/loading.tsx'
import { noticeFor, Notice } from './connection/notice.tsx'
import { Header } from './header/header.tsx'
import { offShiftLook } from './off-shift.ts'
import { SceneChange } from './scene-change.tsx'
import { useNightlyReload } from './nightly-reload.ts'
import { useRecovery } from './recovery.ts'
import { useRotation } from './use-rotation.ts'
import type { Scene } from '@stagewatch/shared/contract/screen.ts'
import { useEffect } from 'react'
import { SceneAndon } from './scene-andon/scene-andon.tsx'
import { SceneFocus } from './scene-focus/scene-focus.tsx'
import { SceneOverview } from './scene-overview/scene-overview.tsx'

const keys = ['site', 'stageOrder', 'stages', 'kpis', 'bottleneck', 'newestBreach', 'offShift', 'recording'] as const

export function Wall() {
  const board = useBoard(keys)
  const settings = useScreenSettings()
  const { freshness, shownNow = 0 } = useShownTime()
  const notice = noticeFor(outageOf(useConnection().link).refusal, board !== undefined)
  const recovery = useRecovery()
  const lost = freshness === 'lost'
  const recording = board?.recording
  const turn = useRotation(board, shownNow, !lost)
  useShownScene(turn.scene)
  useNightlyReload(recording === undefined ? board?.site.timeZone : undefined)

  if (notice !== undefined) return <Notice kind={notice} />
  if (board === undefined) return <Loading header={<Header recovery={undefined} turn={turn} />} />
  const look = offShiftLook(board, settings.offShift, freshness, shownNow)
  const numbersOnly = look === 'kpi'
  const scene = numbersOnly ? (turn.scenes[0] ?? 'overview') : turn.scene
  const classes = [
    'stage',
    `stage--${scene}`,
    lost && 'stage--lost',
    look !== 'on' && `stage--${look}`,
    recording !== undefined && 'stage--recording',
  ]
  return (
    <div className={classes.filter(Boolean).join(' ')}>
      {lost ? <DisconnectedBanner timeZone={board.site.timeZone} /> : <Header recovery={recovery} turn={turn} />}
      {board.stageOrder.length === 0 ? (
        <main className="scene">
          <EmptySite site={board.site.code} />
        </main>
      ) : (
        <SceneChange
          scene={scene}
          renderScene={(shown) => <WallScene scene={shown} stage={turn.stage} numbersOnly={numbersOnly} />}
        />
      )}
    </div>
  )
}

/** Reports the current scene to whoever manages the screens. */
function useShownScene(scene: Scene): void {
  const { scene: shown } = useLive()
  useEffect(() => shown.set(scene), [scene, shown])
}

interface WallSceneProps {
  readonly scene: Scene
  /** Stage of the focus scene. */
  readonly stage: string | undefined
  readonly numbersOnly: boolean
}

function WallScene({ scene, stage, numbersOnly }: WallSceneProps) {
  switch (scene) {
    case 'andon':
      return <SceneAndon numbersOnly={numbersOnly} />
    case 'stageFocus':
      return stage === undefined ? null : <SceneFocus stage={stage} />
    case 'overview':
      return <SceneOverview numbersOnly={numbersOnly} />
  }
}
