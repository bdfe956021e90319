import type { LocalText } from '../local-text.ts'
import type { Holiday } from './calendar-definition.ts'
import type { HolidayList } from './holidays.ts'
import { dateOf, epochDayOf } from './local-date.ts'

/** One holiday of a notice: first and last day off, and its make-up working days on weekends. */
interface HolidayNotice {
  readonly name: LocalText
  readonly from: string
  readonly to: string
  readonly makeUp?: readonly string[]
}

const newYear = { zh: '元旦', en: 'New Year' }
const springFestival = { zh: '春节', en: 'Spring Festival' }
const qingming = { zh: '清明节', en: 'Qingming Festival' }
const labourDay = { zh: '劳动节', en: 'Labour Day' }
const dragonBoat = { zh: '端午节', en: 'Dragon Boat Festival' }
const midAutumn = { zh: '中秋节', en: 'Mid-Autumn Festival' }
const nationalDay = { zh: '国庆节', en: 'National Day' }
const nationalDayAndMidAutumn = { zh: '国庆节、中秋节', en: 'National Day and Mid-Autumn Festival' }

/**
 * 国务院办公厅关于部分节假日安排的通知, the yearly notice of the State Council's general office on www.gov.cn, by the year that it
 * covers. Weekends that merely adjoin a holiday are not included.
 */
const notices: Readonly<Record<number, readonly HolidayNotice[]>> = {
  // Of 8 December 2022, 国办发明电〔2022〕16号.
  2023: [
    { name: newYear, from: '2022-12-31', to: '2023-01-02' },
    { name: springFestival, from: '2023-01-21', to: '2023-01-27', makeUp: ['2023-01-28', '2023-01-29'] },
    { name: qingming, from: '2023-04-05', to: '2023-04-05' },
    { name: labourDay, from: '2023-04-29', to: '2023-05-03', makeUp: ['2023-04-23', '2023-05-06'] },
    { name: dragonBoat, from: '2023-06-22', to: '2023-06-24', makeUp: ['2023-06-25'] },
    { name: nationalDayAndMidAutumn, from: '2023-09-29', to: '2023-10-06', makeUp: ['2023-10-07', '2023-10-08'] },
  ],
  // Of 25 October 2023, 国办发明电〔2023〕7号.
  2024: [
    { name: newYear, from: '2024-01-01', to: '2024-01-01' },
    { name: springFestival, from: '2024-02-10', to: '2024-02-17', makeUp: ['2024-02-04', '2024-02-18'] },
    { name: qingming, from: '2024-04-04', to: '2024-04-06', makeUp: ['2024-04-07'] },
    { name: labourDay, from: '2024-05-01', to: '2024-05-05', makeUp: ['2024-04-28', '2024-05-11'] },
    { name: dragonBoat, from: '2024-06-10', to: '2024-06-10' },
    { name: midAutumn, from: '2024-09-15', to: '2024-09-17', makeUp: ['2024-09-14'] },
    { name: nationalDay, from: '2024-10-01', to: '2024-10-07', makeUp: ['2024-09-29', '2024-10-12'] },
  ],
  // Of 12 November 2024, 国办发明电〔2024〕12号.
  2025: [
    { name: newYear, from: '2025-01-01', to: '2025-01-01' },
    { name: springFestival, from: '2025-01-28', to: '2025-02-04', makeUp: ['2025-01-26', '2025-02-08'] },
    { name: qingming, from: '2025-04-04', to: '2025-04-06' },
    { name: labourDay, from: '2025-05-01', to: '2025-05-05', makeUp: ['2025-04-27'] },
    { name: dragonBoat, from: '2025-05-31', to: '2025-06-02' },
    { name: nationalDayAndMidAutumn, from: '2025-10-01', to: '2025-10-08', makeUp: ['2025-09-28', '2025-10-11'] },
  ],
  // Of 4 November 2025.
  2026: [
    { name: newYear, from: '2026-01-01', to: '2026-01-03', makeUp: ['2026-01-04'] },
    { name: springFestival, from: '2026-02-15', to: '2026-02-23', makeUp: ['2026-02-14', '2026-02-28'] },
    { name: qingming, from: '2026-04-04', to: '2026-04-06' },
    { name: labourDay, from: '2026-05-01', to: '2026-05-05', makeUp: ['2026-05-09'] },
    { name: dragonBoat, from: '2026-06-19', to: '2026-06-21' },
    { name: midAutumn, from: '2026-09-25', to: '2026-09-27' },
    { name: nationalDay, from: '2026-10-01', to: '2026-10-07', makeUp: ['2026-09-20', '2026-10-10'] },
  ],
}

/** The public calendar of mainland China (法定节假日与调休补班), for the years with a published notice. */
export const chineseHolidays: HolidayList = {
  days: Object.values(notices)
    .flat()
    .flatMap(daysOf)
    .toSorted((a, b) => (a.date < b.date ? -1 : 1)),
  years: Object.keys(notices).map(Number),
}

function daysOf({ name, from, to, makeUp = [] }: HolidayNotice): Holiday[] {
  const first = epochDayOf(from)
  const daysOff = Array.from({ length: epochDayOf(to) - first + 1 }, (_, i) => dateOf(first + i))
  return [
    ...daysOff.map((date) => ({ date, working: false, name })),
    ...makeUp.map((date) => ({ date, working: true, name })),
  ]
}
