import { useScreenSettings } from '../live/screen-settings.ts'
import { useBoard } from '../live/board-query.ts'
import { useConnection, useShownTime } from '../live/use-shown-time.ts'
import { CutBar } from './connection/cut-bar.tsx'
import { EmptySite } from './connection/empty-site.tsx'
import { Loading } from './connection/loading.tsx'
import { noticeFor } from './connection/notice-for.ts'
import { Notice } from './connection/notice.tsx'
import { Header } from './header/header.tsx'
import { offShiftLook } from './off-shift.ts'
import { SceneChange } from './scene-change.tsx'
import { useNightlyReload } from './use-nightly-reload.ts'
import { useRecovery } from './use-recovery.ts'
import { useRotation } from './use-rotation.ts'
import { useShownScene } from './use-shown-scene.ts'
import { WallScene } from './wall-scene.tsx'

export function Wall() {
  const board = useBoard()
  const settings = useScreenSettings()
  const { freshness, shownNow = 0 } = useShownTime()
  const notice = noticeFor(useConnection().refusal, board !== undefined)
  const recovery = useRecovery(board)
  const lost = freshness === 'lost'
  const recording = board?.recording
  const turn = useRotation(board, shownNow, !lost)
  useShownScene(turn.scene)
  useNightlyReload(recording === undefined ? board?.site.timeZone : undefined)

  if (notice !== undefined) return <Notice kind={notice} />
  if (board === undefined) return <Loading header={<Header board={undefined} recovery={undefined} turn={turn} />} />
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
      {lost ? <CutBar timeZone={board.site.timeZone} /> : <Header board={board} recovery={recovery} turn={turn} />}
      {board.stageOrder.length === 0 ? (
        <main className="scene">
          <EmptySite site={board.site.code} />
        </main>
      ) : (
        <SceneChange
          scene={scene}
          renderScene={(shown) => (
            <WallScene scene={shown} board={board} stage={turn.stage} numbersOnly={numbersOnly} />
          )}
        />
      )}
    </div>
  )
}
