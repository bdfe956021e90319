import type { ProcessVersion } from '@stagewatch/shared/domain/process-history.ts'
import type { ProcessDraft } from '@stagewatch/shared/contract/process-draft.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { loosenedLimits } from '@stagewatch/shared/domain/loosened-limits.ts'
import type { ReactNode } from 'react'
import { Dialog } from '../../components/dialog.tsx'
import { useShortcuts } from '../../components/shortcuts/use-shortcuts.ts'
import { useText } from '../../locales/use-text.ts'
import { DraftNotes } from './draft-notes.tsx'
import { DryRunCard } from './dry-run/dry-run-card.tsx'
import { LooseningWarning } from './dry-run/loosening-warning.tsx'
import { useDryRun } from './dry-run/use-dry-run.ts'
import { EditorTools } from './editor-tools.tsx'
import { processChanges } from './process-changes.ts'
import { ProcessLayout } from './process-layout.tsx'
import { ChangeList } from './release/change-list.tsx'
import { HistoryDialog } from './release/history-dialog.tsx'
import { ReleaseDialog } from './release/release-dialog.tsx'
import releaseStyles from './release/release.module.css'
import { TemplatePicker } from './templates/template-picker.tsx'
import { useDraftEditor } from './use-draft-editor.ts'
import { usePanel } from './use-panel.ts'

interface ReaderProps {
  readonly live: ProcessDefinition
  readonly versions: readonly ProcessVersion[]
  /** Null: there is only a draft. */
  readonly liveVersion: string | null
  readonly hasOthers: boolean
  readonly asOf: number
}

/** Read-only view of a process. */
export function ProcessReader({ children, ...process }: ReaderProps & { readonly children: ReactNode }) {
  const { panel, open } = usePanel()
  return (
    <ProcessLayout
      {...process}
      definition={process.live}
      dispatch={undefined}
      tools={<EditorTools {...process} editor={undefined} changeCount={0} onOpen={open} />}
      notes={children}
      dialog={
        panel === 'history' &&
        process.liveVersion !== null && (
          <HistoryDialog liveVersion={process.liveVersion} onClose={() => open(undefined)} />
        )
      }
    />
  )
}

/** A process with its draft, for users who may change it. */
export function ProcessEditor({ draft, ...process }: ReaderProps & { readonly draft: ProcessDraft | null }) {
  const { t } = useText()
  const { live, liveVersion } = process
  const editor = useDraftEditor({ live, liveVersion, draft })
  const dryRun = useDryRun()
  const { panel, open } = usePanel()
  const { definition, version, dispatch } = editor
  const changes = processChanges(live, definition)
  const close = () => open(undefined)
  const mayRelease = version !== undefined && editor.state === 'saved' && changes.length > 0 && !editor.isOutdated
  const warning = (
    <LooseningWarning
      loosened={loosenedLimits(live, definition)}
      result={dryRun.state.kind === 'done' ? dryRun.state.result : undefined}
    />
  )
  useShortcuts([
    { keys: 'Mod+z', text: t('processes.undo'), run: () => dispatch({ kind: 'undo' }) },
    { keys: 'Mod+Shift+z', text: t('processes.redo'), run: () => dispatch({ kind: 'redo' }) },
  ])
  return (
    <ProcessLayout
      {...process}
      definition={definition}
      dispatch={dispatch}
      tools={
        <EditorTools {...process} editor={editor} changeCount={changes.length} mayRelease={mayRelease} onOpen={open} />
      }
      notes={<DraftNotes editor={editor} asOf={process.asOf} />}
      foot={<DryRunCard dryRun={dryRun}>{warning}</DryRunCard>}
      dialog={
        <>
          {panel === 'history' && liveVersion !== null && <HistoryDialog liveVersion={liveVersion} onClose={close} />}
          {panel === 'compare' && (
            <Dialog
              title={t('processes.compareTitle')}
              className={releaseStyles['dialog']}
              closesBeside
              onClose={close}
            >
              <ChangeList changes={changes} />
            </Dialog>
          )}
          {panel === 'templates' && (
            <Dialog title={t('processes.template.title')} className={releaseStyles['dialog']} onClose={close}>
              <TemplatePicker process={live.code} version={version} onUsed={close} />
            </Dialog>
          )}
          {panel === 'release' && mayRelease && (
            <ReleaseDialog version={version} onClose={close}>
              {warning}
            </ReleaseDialog>
          )}
        </>
      }
    />
  )
}
