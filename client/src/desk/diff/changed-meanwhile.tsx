import { useText } from '../../text/use-text.ts'
import { ChangeDiff } from './change-diff.tsx'
import { changedFields } from './changed-fields.ts'

interface ChangedMeanwhileProps {
  /** What was there when the editing began. */
  readonly before: unknown
  /** What is there now. */
  readonly current: unknown
  /** Epoch ms. */
  readonly now: number
}

/** Shows whoever saves next what somebody else has saved since. */
export function ChangedMeanwhile({ before, current, now }: ChangedMeanwhileProps) {
  const { t } = useText()
  if (changedFields(before, current).length === 0) return null
  return (
    <div className="note note--warning" role="alert">
      <div>
        <p>{t('desk.changedMeanwhile')}</p>
        <ChangeDiff before={before} after={current} now={now} />
      </div>
    </div>
  )
}
