import { Button } from '@mantine/core'
import type { CalendarList } from '@stagewatch/shared/contract/calendar-settings.ts'
import type { CalendarDefinition } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { serverTime } from '../../../api/server-time.ts'
import { useMe } from '../../../api/session.ts'
import { EmptyState } from '../../../components/empty-state.tsx'
import layout from '../../../components/layout/layout.module.css'
import { Page } from '../../../components/layout/page.tsx'
import { QueryBoundary } from '../../../components/query-boundary.tsx'
import { ownTimeZone } from '../../../format/time-zone.ts'
import { useText } from '../../../locales/use-text.ts'
import { calendarsQuery } from '../api.ts'
import { CalendarCard } from './calendar-card.tsx'
import { ChoiceCard } from './choice-card.tsx'

/** The working calendars, which determine how limits are measured. */
export function CalendarsPage() {
  const { t } = useText()
  return (
    <Page title={t('calendars.title')} needs="rules.read">
      <Calendars />
    </Page>
  )
}

function Calendars() {
  const { t } = useText()
  const { site, actions } = useMe()
  const query = useQuery(calendarsQuery(site))
  const [isAdding, setAdding] = useState(false)
  const mayChange = actions.includes('rules.change')
  return (
    <QueryBoundary query={query}>
      {(list) => (
        <>
          <div className={layout['bar']}>
            <p className={layout['barText']}>
              {t('calendars.text')} <Link to="/processes">{t('nav.processes')}</Link>
            </p>
            {mayChange && !isAdding && (
              <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setAdding(true)}>
                {t('calendars.add')}
              </Button>
            )}
          </div>
          <div className={layout['stack']}>
            {list.calendars.length > 0 && <ChoiceCard list={list} mayChange={mayChange} />}
            {isAdding && (
              <NewCalendar list={list} asOf={serverTime(query.dataUpdatedAt)} onDone={() => setAdding(false)} />
            )}
            {list.calendars.length === 0 && !isAdding && (
              <EmptyState title={t('calendars.none')}>
                <p>{t('calendars.noneText')}</p>
              </EmptyState>
            )}
            {list.calendars.map((calendar) => (
              <CalendarCard
                key={calendar.definition.code}
                calendar={calendar}
                asOf={serverTime(query.dataUpdatedAt)}
                mayChange={mayChange}
              />
            ))}
          </div>
        </>
      )}
    </QueryBoundary>
  )
}

interface NewCalendarProps {
  readonly list: CalendarList
  /** Epoch ms. */
  readonly asOf: number
  readonly onDone: () => void
}

/** A new calendar. It starts with a standard week, which can be changed before it is saved. */
function NewCalendar({ list, asOf, onDone }: NewCalendarProps) {
  const { site, sites } = useMe()
  const taken = new Set(list.calendars.map(({ definition }) => definition.code))
  const [code] = useState(() => freeCode(taken))
  const timeZone = sites.find((each) => each.code === site)?.timeZone ?? ownTimeZone()
  const day = [
    { from: '08:00', to: '12:00' },
    { from: '13:00', to: '17:00' },
  ]
  const definition: CalendarDefinition = {
    code,
    name: { zh: '常白班', en: 'Day shift' },
    versions: [{ timeZone, week: { 1: day, 2: day, 3: day, 4: day, 5: day }, holidays: [] }],
  }
  return (
    <CalendarCard
      calendar={{ definition, version: undefined, missingYears: [] }}
      asOf={asOf}
      mayChange
      onDone={onDone}
    />
  )
}

function freeCode(taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const code = `calendar-${number}`
    if (!taken.has(code)) return code
  }
}
