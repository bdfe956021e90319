import { LiveEngine } from '../engine/live-engine.ts'
import { inSlices } from '../platform/in-slices.ts'
import { SiteCalendars } from '../rules/site-calendars.ts'
import type { ProcessTemplate } from './process-template.ts'
import { sampleOrders } from './sample-orders.ts'

/** A sample ends at most so long before now. */
const freshMs = 3_600_000

interface Sample {
  readonly engine: Promise<LiveEngine>
  /** Epoch ms at which the sample ends. */
  readonly now: number
}

/** Engines that hold the sample of a template, by template; each is made when it is first asked for. */
export class SampleEngines {
  readonly #samples = new Map<string, Sample>()

  /** @param now epoch ms. @returns the engine, and the instant up to which its orders have come. */
  async get(template: ProcessTemplate, now: number): Promise<{ readonly engine: LiveEngine; readonly now: number }> {
    const { code } = template.process
    const known = this.#samples.get(code)
    const isFresh = known !== undefined && known.now <= now && now - known.now < freshMs
    const sample = isFresh ? known : { engine: inSlices(filled(template, now)), now }
    this.#samples.set(code, sample)
    return { engine: await sample.engine, now: sample.now }
  }
}

function* filled(template: ProcessTemplate, now: number): Generator<void, LiveEngine> {
  const { process, calendars } = template
  const engine = new LiveEngine('UTC')
  engine.setCalendars(new SiteCalendars(calendars))
  engine.setProcess([{ definition: process }], now)
  for (const { state, eventCount } of sampleOrders(template, now)) {
    engine.apply(state.order, process.code, state, eventCount, now)
    yield
  }
  return engine
}
