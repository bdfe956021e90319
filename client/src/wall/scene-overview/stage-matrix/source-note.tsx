import type { Board } from '@stagewatch/shared/contract/board.ts'
import { useConnection, useShownTime } from '../../../live/use-shown-time.ts'
import { useText } from '../../../locales/use-text.ts'
import { Icon } from '../../../components/icon.tsx'
import { useSpan } from '../../time-texts.ts'
import { longestSilence } from './longest-silence.ts'

/** The source that has been silent for too long, and the stage whose numbers are outdated because of it. */
export function SourceNote({ board }: { readonly board: Pick<Board, 'sources' | 'stages' | 'stageOrder'> }) {
  const { t, nameOf } = useText()
  const span = useSpan()
  const { shownNow = 0 } = useShownTime()
  const late = longestSilence(board, useConnection().sourceLastReceivedAt, shownNow)
  const source = late && board.sources[late.code]
  if (late === undefined || source === undefined) return null
  const words = { source: nameOf(source.name), duration: span(late.silentMs) }
  const stage = board.stages[late.stages[0] ?? '']
  return (
    <p className="source-note">
      <Icon name="clock" />
      <span className="ellipsis" data-may-truncate>
        {stage ? t('matrix.sourceLate', { stage: nameOf(stage.name), ...words }) : t('matrix.sourceLateAlone', words)}
      </span>
    </p>
  )
}
