import { Agenda } from './agenda.ts'
import { EventWriter } from './event-writer.ts'
import type { SampleReport } from './event-writer.ts'
import { OrderIncidents } from './order-incidents.ts'
import { OrderIntake } from './order-intake.ts'
import { PlantFloor } from './plant-floor.ts'
import { dayMs, hourMs, minuteMs, nextShiftAt, startOfDay } from './plant-time.ts'
import { RandomSource } from './random-source.ts'
import { ReportDelay } from './report-delay.ts'
import { troubles } from './trouble.ts'
import { VisitReporter } from './visit-reporter.ts'

export interface PlantRun {
  /** The same seed and start always give the same events. */
  readonly seed: string
  /** Time at which the plant starts, empty; epoch ms. */
  readonly startAt: number
}

/** Before this, the stages hold too few orders for a trouble to matter. */
const firstTroubleMs = 36 * hourMs
const positionEveryMs = 10 * minuteMs

/** The endless sequence of events of the sample factory, in the order in which they are reported. */
export function* simulatePlant({ seed, startAt }: PlantRun): Generator<SampleReport, never> {
  // A separate stream per purpose, so that changes in one place do not shift the others.
  const random = (purpose: string): RandomSource => new RandomSource(`${seed}/${purpose}`)
  const agenda = new Agenda(startAt)
  const writer = new EventWriter(agenda, new ReportDelay(startAt, random('delay')), random('writer'))
  const floor = new PlantFloor(agenda, new VisitReporter(agenda, writer, random('reporter')), random('floor'))
  const intake = new OrderIntake(writer, random('intake'))
  const incidents = new OrderIncidents(agenda, writer, floor, random('incidents'))
  takeOrders(agenda, intake, floor, incidents)
  changeShifts(agenda, floor)
  strikeTroubles(agenda, floor, random('trouble'))
  trackTrucks(agenda, floor)
  for (;;) {
    // Future events cannot be reported before they happen.
    while (writer.nextAt > agenda.nextAt) agenda.step()
    const report = writer.take()
    if (report !== undefined) yield report
  }
}

function takeOrders(agenda: Agenda, intake: OrderIntake, floor: PlantFloor, incidents: OrderIncidents): void {
  const takeOne = (): void => {
    const order = intake.place(agenda.now)
    floor.enter(order, 'order')
    incidents.expect(order)
  }
  const takeDay = (): void => {
    for (const at of intake.dayPlan(agenda.now)) if (at >= agenda.now) agenda.at(at, takeOne)
    agenda.at(startOfDay(agenda.now) + dayMs, takeDay)
  }
  takeDay()
}

function changeShifts(agenda: Agenda, floor: PlantFloor): void {
  agenda.at(nextShiftAt(agenda.now), () => {
    floor.changeShift()
    changeShifts(agenda, floor)
  })
}

function strikeTroubles(agenda: Agenda, floor: PlantFloor, random: RandomSource): void {
  const coming = troubles(agenda.now + firstTroubleMs, random)
  const strikeNext = (): void => {
    const trouble = coming.next().value
    agenda.at(trouble.startAt, () => {
      floor.strike(trouble)
      strikeNext()
    })
  }
  strikeNext()
}

function trackTrucks(agenda: Agenda, floor: PlantFloor): void {
  agenda.after(positionEveryMs, () => {
    floor.reportPosition()
    trackTrucks(agenda, floor)
  })
}
