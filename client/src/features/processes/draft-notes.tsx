import { Button } from '@mantine/core'
import { clsx } from 'clsx'
import { EditConflict } from '../../components/diff/edit-conflict.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import note from '../../components/note.module.css'
import { useText } from '../../locales/use-text.ts'
import type { DraftEditor } from './use-draft-editor.ts'

interface DraftNotesProps {
  readonly editor: DraftEditor
  /** Epoch ms. */
  readonly asOf: number
}

/** Obstacles to a release: an edit conflict, a release in the meantime, or a server that rejects the draft. */
export function DraftNotes({ editor, asOf }: DraftNotesProps) {
  const { t } = useText()
  const { conflict, definition, isOutdated, error, takeOverLive } = editor
  return (
    <>
      {conflict !== undefined && (
        <EditConflict
          before={conflict.before}
          current={conflict.current}
          yours={definition}
          now={asOf}
          onTakeTheirs={conflict.takeTheirs}
          onKeepMine={conflict.keepMine}
        />
      )}
      {isOutdated && conflict === undefined && (
        <div className={clsx(note['note'], note['warning'])} role="alert">
          <div className={note['conflict']}>
            <p>{t('processes.outdatedDraft')}</p>
            <Button variant="default" onClick={takeOverLive}>
              {t('processes.keepDraft')}
            </Button>
          </div>
        </div>
      )}
      <ErrorAlert error={error} />
    </>
  )
}
