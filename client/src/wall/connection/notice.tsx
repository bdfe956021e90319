import { outageOf } from '../../live/connection-state.ts'
import { useConnection } from '../../live/use-shown-time.ts'
import { useLive } from '../../live/live-context.ts'
import { useText } from '../../locales/use-text.ts'
import { stagewatchCommand } from '../../components/first-event-commands.ts'
import { Icon } from '../../components/icon.tsx'
import { StatusGlyph } from '../../components/status-glyph.tsx'
import './notice.css'
import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'

type NoticeKind = 'unauthorized' | 'unknownBoard' | 'unknownSite' | 'badRecording'

/**
 * The refusals that replace the whole screen. A revoked right hides the numbers at once; after any other refusal the
 * last picture stays visible and shows its age.
 */
export function noticeFor(refusal: ProblemCode | undefined, hasBoard: boolean): NoticeKind | undefined {
  if (refusal === 'unauthorized' || refusal === 'forbidden') return 'unauthorized'
  if (hasBoard) return undefined
  if (refusal === 'unknown_board') return 'unknownBoard'
  // The parameters of a recording are the only request data of a wall that can be invalid.
  if (refusal === 'bad_request' || refusal === 'invalid_field') return 'badRecording'
  return refusal === 'not_found' ? 'unknownSite' : undefined
}

/** A full-screen notice that explains why there is no board, and how to fix it. */
export function Notice({ kind }: { readonly kind: NoticeKind }) {
  const { t, language } = useText()
  const { boardId, site = 'main' } = useLive()
  const { refusal } = outageOf(useConnection().link)
  const wall = `${location.origin}/wall?site=${site}&lang=${language}`
  const ways: Record<NoticeKind, string> = {
    unauthorized: `${stagewatchCommand} key create --name wall --scope read --site ${site}\n${wall}#key=…`,
    unknownBoard: `${wall}&board=overview`,
    unknownSite: `${location.origin}/?lang=${language}`,
    badRecording: `${wall}&recording=2026-11-24T08:00:00+08:00/2026-11-24T16:00:00+08:00&speed=60`,
  }
  return (
    <div className="stage">
      <main className="notice" role="alert">
        {kind === 'unauthorized' ? <Icon name="lock" /> : <StatusGlyph state="unknown" />}
        <h1 className="notice__title">{t(`notice.${kind}Title`)}</h1>
        {kind === 'unauthorized' && refusal && <p className="notice__reason">{t(`problem.${refusal}`)}</p>}
        <p className="notice__text">{t(`notice.${kind}Text`, { board: boardId, site })}</p>
        <pre className="notice__code">{ways[kind]}</pre>
      </main>
    </div>
  )
}
