import { Button, NativeSelect, TextInput } from '@mantine/core'
import { calendarDefinition } from '@stagewatch/shared/contract/calendar.ts'
import { fieldIssues } from '@stagewatch/shared/contract/issue-texts.ts'
import type { CalendarDefinition, CalendarVersion } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import { languages, locales } from '@stagewatch/shared/domain/locales.ts'
import { clsx } from 'clsx'
import { useState } from 'react'
import card from '../../../components/card.module.css'
import { EditConflict } from '../../../components/diff/edit-conflict.tsx'
import { ErrorAlert } from '../../../components/error-alert.tsx'
import { FormButtons, Form } from '../../../components/form/form.tsx'
import { useIssueText } from '../../../components/form/use-issue-text.ts'
import layout from '../../../components/layout/layout.module.css'
import note from '../../../components/note.module.css'
import { notifyDone } from '../../../components/notify.ts'
import { clockTimeIn } from '../../../format/site-clock.ts'
import { useText } from '../../../locales/use-text.ts'
import inspector from '../inspector/inspector.module.css'
import { useSaveCalendar } from './api.ts'
import { HolidayImport } from './holiday-import.tsx'
import { MonthView } from './month-view.tsx'
import { WeekFields } from './week-fields.tsx'
import { ClockField } from '../../../components/form/clock-field.tsx'
import { isDay } from '../../../format/typed-clock.ts'

interface CalendarCardProps {
  readonly calendar: {
    readonly definition: CalendarDefinition
    /** Undefined: the calendar does not exist yet. */
    readonly version: string | undefined
    readonly missingYears: readonly number[]
  }
  /** Epoch ms. */
  readonly asOf: number
  readonly mayChange: boolean
  readonly onDone?: () => void
}

/** One calendar: its week, its holidays, and one month. */
export function CalendarCard({ calendar, asOf, mayChange, onDone }: CalendarCardProps) {
  const { t, nameOf } = useText()
  const issueText = useIssueText()
  const { definition: stored, version, missingYears } = calendar
  const [before, setBefore] = useState(stored)
  const [edited, setEdited] = useState(stored)
  const [shown, setShown] = useState(stored.versions.length - 1)
  const save = useSaveCalendar(version)
  const isEdited = edited !== before
  // The version saved by somebody else replaces the displayed one, unless there are unsaved edits.
  if (!isEdited && stored !== before) {
    setBefore(stored)
    setEdited(stored)
  }
  const part = edited.versions[shown] ?? edited.versions[0]
  const { error } = calendarDefinition.safeParse(edited)
  const issue = error === undefined ? undefined : fieldIssues(error)[0]
  const setPart = (next: CalendarVersion): void =>
    setEdited({ ...edited, versions: edited.versions.map((each, place) => (place === shown ? next : each)) })
  const addVersion = (): void => {
    const last = edited.versions.at(-1)
    if (last === undefined) return
    const validFrom = clockTimeIn(asOf + 86_400_000, last.timeZone).slice(0, 10)
    setEdited({ ...edited, versions: [...edited.versions, { ...last, validFrom }] })
    setShown(edited.versions.length)
  }
  if (part === undefined) return null
  return (
    <section className={card['card']}>
      <h2 className={card['title']}>
        {nameOf(edited.name)} <span className={card['titleNote']}>{part.timeZone}</span>
      </h2>
      {missingYears.length > 0 && (
        <p className={clsx(note['note'], note['warning'])}>
          {t('calendars.missingYears', { years: missingYears.join(t('listComma')) })}
        </p>
      )}
      <Form
        onSubmit={(event) => {
          event.preventDefault()
          if (issue !== undefined) return
          save.mutate(edited, {
            onSuccess: () => {
              setBefore(edited)
              notifyDone(t('desk.saved'))
              onDone?.()
            },
          })
        }}
      >
        {isEdited && version !== undefined && !save.isPending && (
          <EditConflict
            before={before}
            current={stored}
            yours={edited}
            now={asOf}
            onTakeTheirs={() => {
              save.reset()
              setBefore(stored)
              setEdited(stored)
            }}
          />
        )}
        <div className={layout['columns']}>
          <div className={layout['stack']}>
            {mayChange && (
              <div className={inspector['fields']}>
                {languages.map((code) => (
                  <TextInput
                    key={code}
                    label={t('processes.nameIn', { language: locales[code].name })}
                    value={edited.name[code] ?? ''}
                    onChange={({ currentTarget: { value } }) =>
                      setEdited({ ...edited, name: { ...edited.name, [code]: value } })
                    }
                  />
                ))}
              </div>
            )}
            {edited.versions.length > 1 && (
              <div className={inspector['fields']}>
                <NativeSelect
                  label={t('calendars.version')}
                  value={String(shown)}
                  data={edited.versions.map(({ validFrom }, place) => ({
                    value: String(place),
                    label:
                      validFrom === undefined ? t('calendars.fromBeginning') : t('calendars.from', { date: validFrom }),
                  }))}
                  onChange={({ currentTarget }) => setShown(Number(currentTarget.value))}
                />
                {part.validFrom !== undefined && mayChange && (
                  <ClockField
                    kind="date"
                    label={t('field.validFrom')}
                    value={part.validFrom}
                    onChange={(value) => isDay(value) && setPart({ ...part, validFrom: value })}
                  />
                )}
              </div>
            )}
            <WeekFields key={shown} version={part} isReadOnly={!mayChange} onChange={setPart} />
            {mayChange && (
              <Button variant="default" style={{ justifySelf: 'start' }} onClick={addVersion}>
                {t('calendars.newHours')}
              </Button>
            )}
          </div>
          <div className={layout['stack']}>
            <MonthView version={part} asOf={asOf} isReadOnly={!mayChange} onChange={setPart} />
            {mayChange && version !== undefined && <HolidayImport calendar={edited.code} isDisabled={isEdited} />}
          </div>
        </div>
        {issue !== undefined && (
          <p className={inspector['error']} role="alert">
            {issueText(issue)}
          </p>
        )}
        <ErrorAlert error={save.error} />
        {(isEdited || version === undefined) && (
          <FormButtons
            submit={t('desk.save')}
            isBusy={save.isPending}
            isDisabled={issue !== undefined}
            onCancel={() => {
              setEdited(stored)
              setBefore(stored)
              setShown(0)
              onDone?.()
            }}
          />
        )}
      </Form>
    </section>
  )
}
