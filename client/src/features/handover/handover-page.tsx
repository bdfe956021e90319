import { Button, NativeSelect } from '@mantine/core'
import type { CurrentShift } from '@stagewatch/shared/contract/handover.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { departmentNamesQuery } from '../../api/department-names.ts'
import { useMe } from '../../api/session.ts'
import button from '../../components/button.module.css'
import { EmptyState } from '../../components/empty-state.tsx'
import layout from '../../components/layout/layout.module.css'
import { Page } from '../../components/layout/page.tsx'
import note from '../../components/note.module.css'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { useText } from '../../locales/use-text.ts'
import { shiftQuery } from './api.ts'
import styles from './handover.module.css'
import { Notes } from './notes.tsx'
import { PastHandovers } from './past-handovers.tsx'
import { SettingsDialog } from './settings-dialog.tsx'
import { ShiftContent } from './shift-content.tsx'
import { useShiftText } from './use-shift-text.ts'
import { TranslationsContext } from '../../api/translations.ts'

/** The current state of a department's shift, the notes for the next one, and past handovers. */
export function HandoverPage() {
  const { t } = useText()
  const { site, actions } = useMe()
  const query = useQuery({ ...departmentNamesQuery(site), enabled: actions.includes('board.read') })
  return (
    <Page title={t('nav.handover')} needs="orders.read">
      <QueryBoundary query={query}>
        {({ departments }) => <Departments departments={departments.filter(({ archived }) => !archived)} />}
      </QueryBoundary>
    </Page>
  )
}

interface DepartmentsProps {
  readonly departments: readonly { readonly key: string; readonly name: Readonly<Record<string, string>> }[]
}

function Departments({ departments }: DepartmentsProps) {
  const { t, nameOf } = useText()
  const { site, actions } = useMe()
  const { department: asked, state } = useSearch({ from: '/shell/handover' })
  const navigate = useNavigate({ from: '/handover' })
  const department = (departments.find(({ key }) => key === asked) ?? departments[0])?.key
  if (department === undefined) {
    return (
      <EmptyState title={t('handover.noDepartments')}>
        <p>{t('handover.noDepartmentsText')}</p>
        {actions.includes('departments.manage') && (
          <Link className={button['link']} to="/departments">
            {t('handover.toDepartments')}
          </Link>
        )}
      </EmptyState>
    )
  }
  return (
    <div className={layout['stack']}>
      {state === 'waiting' && <PastHandovers department={undefined} state="waiting" />}
      <NativeSelect
        className={styles['field']}
        label={t('handover.department')}
        value={department}
        data={departments.map(({ key, name }) => ({ value: key, label: nameOf(name) }))}
        onChange={({ currentTarget: { value } }) =>
          void navigate({ search: (before) => ({ ...before, department: value }) })
        }
      />
      <Shift key={`${site} ${department}`} department={department} />
      <PastHandovers key={department} department={department} state="all" />
    </div>
  )
}

function Shift({ department }: { readonly department: string }) {
  const { site } = useMe()
  const query = useQuery(shiftQuery(site, department))
  return <QueryBoundary query={query}>{(shift) => <ShiftSoFar shift={shift} />}</QueryBoundary>
}

function ShiftSoFar({ shift: current }: { readonly shift: CurrentShift }) {
  const { t } = useText()
  const [isSetting, setSetting] = useState(false)
  const shiftText = useShiftText()
  const { shift, next, isWorking, isHandedOver, maySet, mayNote, department, content, notes, asOf } = current
  return (
    <section className={layout['stack']} aria-labelledby="shift-so-far">
      <div className={styles['head']}>
        <div>
          <h2 id="shift-so-far">{t(isWorking ? 'handover.current' : 'handover.upcoming')}</h2>
          {shift !== undefined && <p>{shiftText(shift)}</p>}
          {next !== undefined && (
            <p className={layout['meta']}>{t('handover.nextShift', { shift: shiftText(next) })}</p>
          )}
        </div>
        {maySet && (
          <Button variant="default" onClick={() => setSetting(true)}>
            {t('handover.settings')}
          </Button>
        )}
      </div>
      {shift === undefined && (
        <EmptyState title={t('handover.noShifts')}>
          <p>{t('handover.noShiftsText')}</p>
        </EmptyState>
      )}
      {shift !== undefined && !isHandedOver && (
        <p className={note['note']}>
          {t('handover.off')} {!maySet && t('handover.offAsk')}
        </p>
      )}
      <TranslationsContext value={current.translations}>
        <Notes notes={notes} department={department} mayNote={mayNote} now={asOf} />
        <ShiftContent content={content} department={department} now={asOf} />
      </TranslationsContext>
      {isSetting && <SettingsDialog department={department} onClose={() => setSetting(false)} />}
    </section>
  )
}
