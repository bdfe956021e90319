import type { CalendarVersion } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import { calendarOf } from '@stagewatch/shared/domain/time/calendar-of.ts'
import { chineseHolidays } from '@stagewatch/shared/domain/time/chinese-holidays.ts'
import { alternate } from '../alternate.ts'
import { median } from '../median.ts'
import type { Outcome, Progress, Row } from '../row.ts'
import { seededRandom } from '../seeded-random.ts'
import { workingTimeOfTemporal } from '../working-time-of-temporal.ts'

const title = 'working time between two instants, and the instant at which it has passed'
const dayMs = 86_400_000
/** The peer takes some 100 µs per answer, the product less than a thousandth of that. */
const questions = { product: 1_000_000, peer: 5_000 }

const officeDay = [
  { from: '08:00', to: '12:00' },
  { from: '13:00', to: '17:30' },
]
const twoShifts = [
  { from: '06:00', to: '14:00' },
  { from: '22:00', to: '05:30' },
]

const calendars: Readonly<Record<string, CalendarVersion>> = {
  'Shanghai office with public holidays and make-up days': {
    timeZone: 'Asia/Shanghai',
    week: { 1: officeDay, 2: officeDay, 3: officeDay, 4: officeDay, 5: officeDay },
    holidays: chineseHolidays.days,
  },
  'Berlin plant with night shifts and summer time': {
    timeZone: 'Europe/Berlin',
    week: { 1: twoShifts, 2: twoShifts, 3: twoShifts, 4: twoShifts, 5: twoShifts, 7: twoShifts },
    holidays: [],
  },
}

interface Question {
  readonly from: number
  readonly to: number
}

export const workingTime: Row = { id: 'B10', title, run }

async function run(progress: Progress): Promise<Outcome[]> {
  const asked = someQuestions(questions.product)
  const outcomes: Outcome[] = []
  for (const [name, version] of Object.entries(calendars)) {
    const ours = calendarOf({ code: 'bench', name: { zh: '', en: '' }, versions: [version] })
    const theirs = workingTimeOfTemporal(version)
    const kinds = {
      'working time between two instants': ({ from, to }: Question, by: typeof theirs) => by.workingMs(from, to),
      'instant after so much working time': ({ from, to }: Question, by: typeof theirs) =>
        by.instantAfter(from, 1 + Math.floor((to - from) / 4)) ?? Number.NaN,
    }
    for (const [kind, ask] of Object.entries(kinds)) {
      progress(`${name}: ${kind}`)
      const fewer = asked.slice(0, questions.peer)
      const mismatch = fewer.find((question) => ask(question, ours) !== ask(question, theirs))
      if (mismatch !== undefined) throw new Error(`${kind}: answers differ for ${JSON.stringify(mismatch)}`)
      const contestants = {
        product: async () => nsPerAnswer(asked, (question) => ask(question, ours)),
        peer: async () => nsPerAnswer(fewer, (question) => ask(question, theirs)),
      }
      const ns = await alternate(contestants, progress)
      const [product, peer] = [median(ns.product), median(ns.peer)]
      outcomes.push({
        id: 'B10',
        what: `${kind}, ${name}: times faster than Temporal`,
        value: peer / product,
        target: 500,
        better: 'higher',
        unit: 'times',
        product: { name: 'compiled calendar', value: product, unit: 'ns' },
        peer: { name: 'Temporal', value: peer, unit: 'ns' },
        runs: ns.product.map((value, i) => ({ product: value, peer: ns.peer[i] ?? Number.NaN })),
        notes: [
          `0 mismatches in ${questions.peer.toLocaleString('en')} answers; dwells of 0 to 20 days in three years`,
        ],
      })
    }
  }
  return outcomes
}

function someQuestions(count: number): Question[] {
  const random = seededRandom(10)
  const since = Date.UTC(2024, 0, 1)
  return Array.from({ length: count }, () => {
    const from = since + Math.floor(random() * 3 * 365 * dayMs)
    return { from, to: from + Math.floor(random() * 20 * dayMs) }
  })
}

function nsPerAnswer(asked: readonly Question[], answer: (question: Question) => number): number {
  const startedAt = performance.now()
  let sum = 0
  for (const question of asked) sum += answer(question)
  const ns = ((performance.now() - startedAt) * 1e6) / asked.length
  // Uses the sum, so that the compiler does not eliminate the work.
  if (Number.isNaN(sum)) throw new Error('an instant lies outside of the calendar')
  return ns
}
