import { useBoard } from '../live/board-query.ts'
import { useConnection, useShownTime } from '../live/use-shown-time.ts'
import { useText } from '../text/use-text.ts'
import { CutBar } from './connection/cut-bar.tsx'
import { EmptySite } from './connection/empty-site.tsx'
import { Loading } from './connection/loading.tsx'
import { noticeFor } from './connection/notice-for.ts'
import { Notice } from './connection/notice.tsx'
import { Header } from './header/header.tsx'
import { KpiBand } from './kpi-band/kpi-band.tsx'
import { OverdueList } from './overdue-list/overdue-list.tsx'
import { PanelGuard } from './panel-guard.tsx'
import { StageMatrix } from './stage-matrix/stage-matrix.tsx'
import { useNightlyReload } from './use-nightly-reload.ts'
import { useRecovery } from './use-recovery.ts'

export function Wall() {
  const { t } = useText()
  const board = useBoard()
  const { freshness } = useShownTime()
  const notice = noticeFor(useConnection().refusal, board !== undefined)
  const recovery = useRecovery(board)
  useNightlyReload(board?.site.timeZone)

  if (notice !== undefined) return <Notice kind={notice} />
  if (board === undefined) return <Loading header={<Header board={undefined} recovery={undefined} />} />
  const lost = freshness === 'lost'
  const failed = t('notice.panelFailed')
  return (
    <div className={lost ? 'stage stage--lost' : 'stage'}>
      {lost ? <CutBar timeZone={board.site.timeZone} /> : <Header board={board} recovery={recovery} />}
      <main className="scene">
        {board.stageOrder.length === 0 ? (
          <EmptySite site={board.site.code} />
        ) : (
          <>
            <PanelGuard version={board.version} place="kpi-band" words={failed}>
              <KpiBand board={board} />
            </PanelGuard>
            <PanelGuard version={board.version} place="panel matrix" words={failed}>
              <StageMatrix board={board} />
            </PanelGuard>
            <PanelGuard version={board.version} place="panel list" words={failed}>
              <OverdueList board={board} />
            </PanelGuard>
          </>
        )}
      </main>
    </div>
  )
}
