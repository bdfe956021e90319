import { useMediaQuery } from '@mantine/hooks'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { useQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { useMemo, type ReactNode } from 'react'
import { useDepartmentNames } from '../../api/department-names.ts'
import { useMe } from '../../api/session.ts'
import card from '../../components/card.module.css'
import { Dialog } from '../../components/dialog.tsx'
import layout from '../../components/layout/layout.module.css'
import { Page } from '../../components/layout/page.tsx'
import { ScrollArea } from '../../components/scroll-area.tsx'
import { useText } from '../../locales/use-text.ts'
import { calendarsQuery } from './api.ts'
import type { DraftAction } from './draft-edits.ts'
import { Inspector, useInspectorTitle } from './inspector/inspector.tsx'
import { ProcessContext } from './process-context.ts'
import styles from './process-page.module.css'
import { StageStrip } from './strip/stage-strip.tsx'
import { LimitsTable } from './table/limits-table.tsx'
import { usePanel } from './use-panel.ts'

interface ProcessLayoutProps {
  readonly live: ProcessDefinition
  /** When the process was loaded, epoch ms. */
  readonly asOf: number
  readonly definition: ProcessDefinition
  /** Undefined: the user has read access only. */
  readonly dispatch: ((action: DraftAction) => void) | undefined
  readonly tools: ReactNode
  /** Important notes, shown above everything else. */
  readonly notes: ReactNode
  readonly foot?: ReactNode
  readonly dialog: ReactNode
}

const noCalendars: never[] = []

/** The strip, the table and the inspector of a process; in a narrow window the inspector opens as an overlay. */
export function ProcessLayout({ live, asOf, definition, dispatch, tools, notes, foot, dialog }: ProcessLayoutProps) {
  const { t, nameOf } = useText()
  const { site, departments: own } = useMe()
  const { data } = useQuery(calendarsQuery(site))
  const { offered, nameOf: nameOfDepartment } = useDepartmentNames()
  const { selected, select, panel, open } = usePanel()
  const isWide = useMediaQuery('(min-width: 1200px)', undefined, { getInitialValueInEffect: false })
  const isPhone = useMediaQuery('(max-width: 699px)', undefined, { getInitialValueInEffect: false })
  const departments = useMemo(
    () => [...new Set([...offered, ...(own ?? []), ...Object.keys(data?.choice.departments ?? {})])],
    [offered, own, data],
  )
  const calendars = data?.calendars ?? noCalendars
  const hasChosen = selected.stage !== undefined || selected.path !== undefined || panel === 'process'
  const editing = { asOf, live, definition, dispatch, calendars, departments, nameOfDepartment, selected, select }
  return (
    <ProcessContext value={editing}>
      <Page title={nameOf(definition.name)} needs="rules.read" tools={tools}>
        <div className={clsx(styles['columns'], isWide && styles['wide'])}>
          <div className={layout['stack']}>
            {notes}
            <StageStrip isVertical={isPhone} />
            {!isPhone && <LimitsTable />}
            {foot}
          </div>
          {isWide && (
            <ScrollArea label={t('processes.inspector')} className={clsx(card['card'], styles['inspector'])}>
              <Inspector isTitled />
            </ScrollArea>
          )}
        </div>
        {!isWide && hasChosen && (
          <InspectorDialog
            onClose={() => {
              if (panel === 'process') open(undefined)
              else select({})
            }}
          />
        )}
        {dialog}
      </Page>
    </ProcessContext>
  )
}

function InspectorDialog({ onClose }: { readonly onClose: () => void }) {
  const { name, note } = useInspectorTitle()
  return (
    <Dialog
      title={note === undefined ? name : `${name} · ${note}`}
      className={styles['drawer']}
      closesBeside
      onClose={onClose}
    >
      <div className={styles['drawerBody']} data-autofocus tabIndex={-1} data-scrolls>
        <Inspector isTitled={false} />
      </div>
    </Dialog>
  )
}
