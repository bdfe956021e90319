import { departmentOf } from '@stagewatch/shared/domain/access/department-scope.ts'
import { alwaysOpen } from '@stagewatch/shared/domain/time/always-open.ts'
import type { WorkingCalendar } from '@stagewatch/shared/domain/time/working-calendar.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { StoredAlert } from './alerts-table.ts'
import type { Concerned } from './receivers.ts'

/** What the engine knows about the subject of an alert. */
export interface Surroundings extends Concerned {
  readonly calendar: WorkingCalendar
  /** Last activity on the order, epoch ms. */
  readonly doneAt?: number
}

/** The calendar by which the steps of an alert count working time. */
export function calendarOfAlert(alert: StoredAlert, engine: LiveEngine): WorkingCalendar {
  return surroundingsOf(alert, engine).calendar
}

/** What an alert is about. */
export type AlertVisit = Pick<StoredAlert, 'order' | 'process' | 'stage' | 'nth'>

export function surroundingsOf({ order, process, stage, nth }: AlertVisit, engine: LiveEngine): Surroundings {
  if (order === '') {
    const definition = engine.process(process)?.stage(stage)?.definition
    const department = definition?.department
    return { calendar: engine.rules.calendars.calendarOf(definition?.calendar, department), department }
  }
  const known = engine.order(order)
  const open = engine.open.get(known?.openSlot)
  // The order has moved on, and the alert is about to end.
  if (known === undefined || open?.visit.stage !== stage || open.visit.nth !== nth) return { calendar: alwaysOpen }
  return {
    calendar: open.sla.calendar,
    owner: open.visit.owner,
    department: departmentOf(known.head.attributes, open.visit),
    doneAt: known.head.lastEventAt,
  }
}
