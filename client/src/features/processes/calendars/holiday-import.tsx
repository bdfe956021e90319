import type { HolidaysRequest } from '@stagewatch/shared/contract/calendar-settings.ts'
import { FileUp } from 'lucide-react'
import { useId, type ChangeEvent } from 'react'
import { ErrorAlert } from '../../../components/error-alert.tsx'
import layout from '../../../components/layout/layout.module.css'
import { notifyDone } from '../../../components/notify.ts'
import { OnlineButton } from '../../../components/online-button.tsx'
import { useText } from '../../../locales/use-text.ts'
import { useAddHolidays } from './api.ts'
import styles from './calendars.module.css'

interface HolidayImportProps {
  readonly calendar: string
  /** Whether the calendar has other unsaved edits. */
  readonly isDisabled: boolean
}

/** Adds public holidays: those of China, or those of an iCalendar file. */
export function HolidayImport({ calendar, isDisabled }: HolidayImportProps) {
  const { t } = useText()
  const add = useAddHolidays(calendar)
  const fileId = useId()
  const send = (body: HolidaysRequest): void =>
    add.mutate(body, {
      onSuccess: ({ added, replaced, ignored }) => notifyDone(t('calendars.imported', { added, replaced, ignored })),
    })
  const read = async ({ currentTarget }: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const [file] = currentTarget.files ?? []
    if (file === undefined) return
    const text = await file.text()
    send({ format: 'icalendar', text })
  }
  return (
    <div>
      <div className={layout['row']}>
        <OnlineButton
          variant="default"
          loading={add.isPending}
          disabled={isDisabled}
          onClick={() => send({ format: 'china' })}
        >
          {t('calendars.china')}
        </OnlineButton>
        <label className={styles['file']} htmlFor={fileId} data-disabled={isDisabled || undefined}>
          <FileUp size={16} aria-hidden /> {t('calendars.file')}
        </label>
        <input
          id={fileId}
          className="hidden-text"
          type="file"
          accept=".ics,text/calendar"
          disabled={isDisabled}
          onChange={(event) => void read(event)}
        />
      </div>
      {isDisabled && <p className={layout['meta']}>{t('calendars.saveFirst')}</p>}
      <ErrorAlert error={add.error} />
    </div>
  )
}
