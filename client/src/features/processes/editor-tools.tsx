import { ActionIcon, Button, Menu } from '@mantine/core'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { ProcessVersion } from '@stagewatch/shared/domain/process-history.ts'
import { Link } from '@tanstack/react-router'
import {
  CalendarDays,
  Braces,
  CircleCheckBig,
  Columns2,
  Ellipsis,
  History,
  LayoutTemplate,
  Redo2,
  Settings2,
  Trash2,
  Undo2,
} from 'lucide-react'
import { useState } from 'react'
import { Dialog } from '../../components/dialog.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { FormButtons, Form } from '../../components/form/form.tsx'
import { useMe } from '../../api/session.ts'
import { OnlineButton } from '../../components/online-button.tsx'
import { instantText } from '../../format/instant-text.ts'
import { useText } from '../../locales/use-text.ts'
import { useDiscardDraft } from './api.ts'
import styles from './process-page.module.css'
import type { DraftEditor } from './use-draft-editor.ts'
import type { Panel } from './use-panel.ts'

const iconSize = 16

interface EditorToolsProps {
  readonly live: ProcessDefinition
  readonly versions: readonly ProcessVersion[]
  readonly hasOthers: boolean
  /** Epoch ms. */
  readonly asOf: number
  /** Undefined: the user has read access only. */
  readonly editor: DraftEditor | undefined
  /** Number of differences between the draft and the process. */
  readonly changeCount: number
  readonly mayRelease?: boolean
  readonly onOpen: (panel: Panel) => void
}

/** State and actions of the draft, in the top bar. */
export function EditorTools(props: EditorToolsProps) {
  const { live, versions, hasOthers, asOf, editor, changeCount, mayRelease = false, onOpen } = props
  const { t } = useText()
  const { actions } = useMe()
  const [isDiscarding, setDiscarding] = useState(false)
  const hasDraft = editor?.version !== undefined
  return (
    <div className={styles['tools']} data-tools>
      <span className={styles['state']} data-chip>
        {hasOthers && (
          <Link to="/processes" className={styles['all']}>
            {t('processes.all')}
          </Link>
        )}
        {editor !== undefined && <DraftChip editor={editor} changeCount={changeCount} />}
        <LiveSince versions={versions} asOf={asOf} />
      </span>
      {editor !== undefined && (
        <span className={styles['undo']}>
          <ActionIcon
            variant="subtle"
            size={36}
            data-icon="narrow"
            aria-label={t('processes.undo')}
            title={t('processes.undo')}
            disabled={!editor.canUndo}
            onClick={() => editor.dispatch({ kind: 'undo' })}
          >
            <Undo2 size={iconSize} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            size={36}
            data-icon="narrow"
            aria-label={t('processes.redo')}
            title={t('processes.redo')}
            disabled={!editor.canRedo}
            onClick={() => editor.dispatch({ kind: 'redo' })}
          >
            <Redo2 size={iconSize} aria-hidden />
          </ActionIcon>
        </span>
      )}
      {editor !== undefined && (
        <Button
          variant="default"
          data-icon="phone"
          leftSection={<Columns2 size={iconSize} aria-hidden />}
          onClick={() => onOpen('compare')}
        >
          <span data-may-truncate>{t('processes.compare')}</span>
        </Button>
      )}
      <Button
        variant="default"
        data-icon="phone"
        leftSection={<History size={iconSize} aria-hidden />}
        onClick={() => onOpen('history')}
      >
        <span data-may-truncate>{t('processes.history')}</span>
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={36} data-icon="narrow" aria-label={t('processes.more')}>
            <Ellipsis size={iconSize} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Settings2 size={iconSize} aria-hidden />} onClick={() => onOpen('process')}>
            {t('processes.whole')}
          </Menu.Item>
          {editor !== undefined && (
            <Menu.Item leftSection={<LayoutTemplate size={iconSize} aria-hidden />} onClick={() => onOpen('templates')}>
              {t('processes.template.open')}
            </Menu.Item>
          )}
          <Menu.Item component={Link} to="/calendars" leftSection={<CalendarDays size={iconSize} aria-hidden />}>
            {t('calendars.title')}
          </Menu.Item>
          {actions.includes('site.manage') && (
            <Menu.Item component={Link} to="/configuration" leftSection={<Braces size={iconSize} aria-hidden />}>
              {t('nav.configuration')}
            </Menu.Item>
          )}
          {hasDraft && (
            <Menu.Item leftSection={<Trash2 size={iconSize} aria-hidden />} onClick={() => setDiscarding(true)}>
              {t('processes.discard')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {editor !== undefined && (
        <OnlineButton
          leftSection={<CircleCheckBig size={iconSize} aria-hidden />}
          disabled={!mayRelease}
          onClick={() => onOpen('release')}
        >
          {t('processes.release.open')}
        </OnlineButton>
      )}
      {isDiscarding && editor?.version !== undefined && (
        <DiscardDialog
          process={live.code}
          version={editor.version}
          changeCount={changeCount}
          onClose={() => setDiscarding(false)}
        />
      )}
    </div>
  )
}

function DraftChip({ editor, changeCount }: { readonly editor: DraftEditor; readonly changeCount: number }) {
  const { t } = useText()
  const { state, version } = editor
  if (version === undefined && changeCount === 0 && state === 'saved') return null
  const stateText = state === 'saved' ? '' : t(`processes.saving.${state}`)
  return (
    <span className={styles['chip']} role="status">
      {changeCount === 0 ? t('processes.draftSame') : t('processes.draftChip', { count: changeCount })}
      {stateText !== '' && <span> · {stateText}</span>}
    </span>
  )
}

/** Since when the current version is live, and which version follows. */
function LiveSince({ versions, asOf }: Pick<EditorToolsProps, 'versions' | 'asOf'>) {
  const { t, language } = useText()
  const begun = versions.findLast(({ validFrom }) => validFrom === undefined || validFrom <= asOf)?.validFrom
  const next = versions.find(({ validFrom }) => validFrom !== undefined && validFrom > asOf)?.validFrom
  return (
    <span className={styles['since']}>
      {[
        begun === undefined ? '' : t('processes.liveSince', { time: instantText(begun, asOf, language) }),
        next === undefined ? '' : t('processes.nextFrom', { time: instantText(next, asOf, language) }),
      ]
        .filter((part) => part !== '')
        .join(' · ')}
    </span>
  )
}

interface DiscardDialogProps {
  readonly process: string
  readonly version: string
  readonly changeCount: number
  readonly onClose: () => void
}

function DiscardDialog({ process, version, changeCount, onClose }: DiscardDialogProps) {
  const { t } = useText()
  const discard = useDiscardDraft(process, onClose)
  return (
    <Dialog title={t('processes.discard')} onClose={onClose}>
      <Form
        onSubmit={(event) => {
          event.preventDefault()
          discard.mutate(version)
        }}
      >
        <p>{t('processes.discardText', { count: changeCount })}</p>
        <ErrorAlert error={discard.error} />
        <FormButtons submit={t('processes.discard')} isBusy={discard.isPending} onCancel={onClose} />
      </Form>
    </Dialog>
  )
}
