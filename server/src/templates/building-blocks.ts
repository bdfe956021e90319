import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'
import type { StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { CalendarDefinition, Shift, WorkingWeek } from '@stagewatch/shared/domain/time/calendar-definition.ts'

export const minutes = (count: number) => count * 60_000
export const hours = (count: number) => minutes(60 * count)
/** Calendar days; for a target that counts by a working calendar, use hours. */
export const days = (count: number) => hours(24 * count)

export const text = (zh: string, en: string): LocalText => ({ zh, en })

/** Names of the departments in the templates; the events of a company may use other texts. */
export const departmentNames: Readonly<Record<string, LocalText>> = {
  Sales: text('销售部', 'Sales'),
  Engineering: text('技术部', 'Engineering'),
  Purchasing: text('采购部', 'Purchasing'),
  Planning: text('计划部', 'Planning'),
  'Machine shop': text('机加车间', 'Machine shop'),
  Production: text('生产部', 'Production'),
  Assembly: text('装配车间', 'Assembly'),
  Quality: text('质量部', 'Quality'),
  Warehouse: text('仓储部', 'Warehouse'),
  Logistics: text('物流部', 'Logistics'),
  Transport: text('运输部', 'Transport'),
  Finance: text('财务部', 'Finance'),
  Compliance: text('合规部', 'Compliance'),
  Service: text('售后部', 'Service'),
  'Customer service': text('客服部', 'Customer service'),
}

/** Properties of the stages of all templates, unless overridden. */
export function stage(
  code: string,
  name: LocalText,
  limits: Omit<Partial<StageDefinition>, 'code' | 'name'> = {},
): StageDefinition {
  return { code, name, warnAtRatio: 0.8, toleranceRatio: 0.1, ...limits }
}

/** The last stage: an order that enters it is done. */
export function lastStage(code: string, name: LocalText): StageDefinition {
  return stage(code, name, { terminal: true })
}

const timeZone = 'Asia/Shanghai'

function weekOf(lastDay: 5 | 6 | 7, shifts: readonly Shift[]): WorkingWeek {
  const everyDay = { 1: shifts, 2: shifts, 3: shifts, 4: shifts, 5: shifts }
  return { ...everyDay, ...(lastDay >= 6 && { 6: shifts }), ...(lastDay === 7 && { 7: shifts }) }
}

/** Monday to Friday with a lunch break of one hour. */
export const officeHours: CalendarDefinition = {
  code: 'office-hours',
  name: text('常白班', 'Office hours'),
  versions: [
    {
      timeZone,
      week: weekOf(5, [
        { from: '08:30', to: '12:00' },
        { from: '13:00', to: '17:30' },
      ]),
      holidays: [],
    },
  ],
}

/** Monday to Saturday, by day and in the evening. */
export const twoShifts: CalendarDefinition = {
  code: 'two-shifts',
  name: text('两班制', 'Two shifts'),
  versions: [
    {
      timeZone,
      week: weekOf(6, [
        { from: '08:00', to: '16:00' },
        { from: '16:00', to: '24:00' },
      ]),
      holidays: [],
    },
  ],
}

/** Every day, as usual in retail warehouses. */
export const warehouseHours: CalendarDefinition = {
  code: 'warehouse-hours',
  name: text('仓库班次', 'Warehouse hours'),
  versions: [{ timeZone, week: weekOf(7, [{ from: '08:00', to: '20:00' }]), holidays: [] }],
}
