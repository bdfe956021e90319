import { Button } from '@mantine/core'
import { changedFields } from '@stagewatch/shared/domain/changed-fields.ts'
import { clsx } from 'clsx'
import { useText } from '../../locales/use-text.ts'
import layout from '../layout/layout.module.css'
import note from '../note.module.css'
import { DiffTable } from './diff-table.tsx'

interface EditConflictProps {
  /** The value when the editing started. */
  readonly before: unknown
  /** The value on the server now. */
  readonly current: unknown
  /** The value that would be saved. */
  readonly yours: unknown
  /** Epoch ms. */
  readonly now: number
  /** Discards the user's changes in favour of the current value. */
  readonly onTakeTheirs: () => void
  /** Overwrites the current value. Undefined: saving again overwrites it, as the text explains. */
  readonly onKeepMine?: () => void
}

/** Shows what somebody else has saved since the editing started, beside the user's own changes. */
export function EditConflict({ before, current, yours, now, onTakeTheirs, onKeepMine }: EditConflictProps) {
  const { t } = useText()
  const theirs = changedFields(before, current)
  if (theirs.length === 0) return null
  const own = new Map(changedFields(current, yours).map((field) => [JSON.stringify(field.path), field]))
  const fields = theirs.map(({ path, after }) => {
    const mine = own.get(JSON.stringify(path))
    return { path, before: after, after: mine === undefined ? after : mine.after }
  })
  return (
    <div className={clsx(note['note'], note['warning'])} role="alert">
      <div className={note['conflict']}>
        <p>{t('desk.changedMeanwhile')}</p>
        <DiffTable fields={fields} now={now} columns={[t('desk.savedMeanwhile'), t('desk.yours')]} />
        <div className={layout['row']}>
          <Button variant="default" onClick={onTakeTheirs}>
            {t('desk.takeTheirs')}
          </Button>
          {onKeepMine !== undefined && (
            <Button variant="default" onClick={onKeepMine}>
              {t('desk.keepMine')}
            </Button>
          )}
        </div>
      </div>
    </div>
  )
}
