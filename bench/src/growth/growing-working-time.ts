import { calendarOf } from '@stagewatch/shared/domain/time/calendar-of.ts'
import { chineseHolidays } from '@stagewatch/shared/domain/time/chinese-holidays.ts'
import { seededRandom } from '../seeded-random.ts'
import type { Growing } from './growing.ts'
import { nsPerUnit } from './growing.ts'

const dayMs = 86_400_000
const officeDay = [{ from: '08:00', to: '17:00' }]
const week = { 1: officeDay, 2: officeDay, 3: officeDay, 4: officeDay, 5: officeDay }
const version = { timeZone: 'Asia/Shanghai', week, holidays: chineseHolidays.days }

/** Working time of many visits: the calendar is constant, only their instants take memory. */
export const workingMs: Growing = {
  name: 'working time',
  unit: 'visit',
  prepare(visits) {
    const calendar = calendarOf({ code: 'bench', name: { zh: '', en: '' }, versions: [version] })
    const random = seededRandom(13)
    const since = Date.UTC(2024, 0, 1)
    const entered = Float64Array.from({ length: visits }, () => since + Math.floor(random() * 3 * 365 * dayMs))
    const left = entered.map((at) => at + Math.floor(random() * 20 * dayMs))
    return () =>
      nsPerUnit(visits, () => {
        let sum = 0
        for (let i = 0; i < visits; i++) sum += calendar.workingMs(entered[i] ?? 0, left[i] ?? 0)
        if (!(sum > 0)) throw new Error('nobody has worked')
      })
  },
}
