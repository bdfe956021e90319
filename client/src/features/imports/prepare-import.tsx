import { Button } from '@mantine/core'
import type { ImportOrder, UploadView } from '@stagewatch/shared/contract/uploads.ts'
import { useNavigate } from '@tanstack/react-router'
import card from '../../components/card.module.css'
import { clsx } from 'clsx'
import { CheckState } from './check-state.tsx'
import { ColumnFields, isMilestones } from './mapping/column-fields.tsx'
import { MilestoneFields } from './mapping/milestone-fields.tsx'
import { PreviewTable } from './mapping/preview-table.tsx'
import { ReadingFields } from './mapping/reading-fields.tsx'
import { SavedMappings } from './mapping/saved-mappings.tsx'
import { StageChoices } from './mapping/stage-choices.tsx'
import styles from './mapping/mapping.module.css'
import { useText } from '../../locales/use-text.ts'
import { applied, type FieldName, type Fix } from './report/findings.ts'
import { ReportView } from './report/report-view.tsx'
import { EarlierImports } from './run/earlier-imports.tsx'
import { StartImport } from './run/start-import.tsx'
import { Steps } from './steps.tsx'
import { useCheckedOrder, type CheckedOrder } from './use-checked-order.ts'

interface PrepareImportProps {
  readonly upload: UploadView
  readonly step: 'map' | 'check'
  /** Initial settings for reading the file. */
  readonly initial: ImportOrder
  /** Epoch ms. */
  readonly now: number
}

/** An uploaded file: how it is read, and the expected result of its rows. */
export function PrepareImport({ upload, step, initial, now }: PrepareImportProps) {
  const { t } = useText()
  const navigate = useNavigate()
  const checked = useCheckedOrder(upload, initial)
  const goTo = (next: 'map' | 'check'): void =>
    void navigate({ to: '/imports/new', search: { upload: upload.id, step: next } })
  const fix = (chosen: Fix): void => {
    const next = applied(chosen, checked.order)
    if (next !== undefined) return checked.change(next)
    goTo('map')
    if (chosen.kind === 'goTo') focusField(chosen.field)
  }
  const { order, report } = checked
  return (
    <>
      <Steps current={step} upload={upload.id}>
        {step === 'map' ? (
          <Button disabled={checked.state === 'failed' || checked.state === 'invalid'} onClick={() => goTo('check')}>
            {t('imports.map.toCheck')}
          </Button>
        ) : (
          <>
            <Button variant="default" onClick={() => goTo('map')}>
              {t('imports.map.back')}
            </Button>
            <StartImport upload={upload} checked={checked} />
          </>
        )}
      </Steps>
      <CheckState upload={upload} checked={checked} step={step} />
      <EarlierImports earlier={upload.earlier} now={now} />
      {step === 'map' ? (
        <Mapping checked={checked} now={now} />
      ) : (
        report !== undefined && (
          <div className={clsx(styles['step'], checked.state !== 'done' && styles['stale'])}>
            <ReportView
              report={report}
              order={order}
              file={upload.file}
              bytes={upload.bytes}
              hash={upload.hash}
              now={now}
              onFix={fix}
            />
          </div>
        )
      )}
      {step === 'check' && report === undefined && checked.state === 'checking' && (
        <div className={clsx(card['card'], card['skeleton'])} />
      )}
    </>
  )
}

interface MappingProps {
  readonly checked: CheckedOrder
  readonly now: number
}

function Mapping({ checked, now }: MappingProps) {
  const { order, change, issues, report, table, state } = checked
  const props = { order, change, report }
  return (
    <div className={styles['step']}>
      <div className={styles['fields']}>
        <div className={styles['step']}>
          {table === undefined ? (
            state === 'checking' && <div className={clsx(card['card'], card['skeleton'])} />
          ) : (
            <ColumnFields {...props} issues={issues} table={table} />
          )}
          {table !== undefined && isMilestones(order, report) && (
            <MilestoneFields order={order} change={change} table={table} />
          )}
          <StageChoices {...props} />
        </div>
        <div className={styles['step']}>
          <ReadingFields {...props} issues={issues} />
          <SavedMappings order={order} change={change} />
        </div>
      </div>
      <PreviewTable report={report} table={table} isStale={state === 'checking'} now={now} />
    </div>
  )
}

/** Focuses a field once it has been rendered, because its step is shown first. */
function focusField(field: FieldName): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const place = document.getElementById(`import-${field}`)
      place?.closest('details')?.setAttribute('open', '')
      place?.scrollIntoView({ block: 'center' })
      const focusable = place?.matches('input, select')
        ? place
        : place?.querySelector<HTMLElement>('input, select, [tabindex]')
      focusable?.focus({ preventScroll: true })
    }),
  )
}
