import { AppError } from '../platform/app-error.ts'
import { inSlices } from '../platform/in-slices.ts'
import { LiveEngine } from '../engine/live-engine.ts'
import { SiteCalendars } from '../rules/site-calendars.ts'
import type { ProcessTemplate } from './process-template.ts'
import { sampleOrders } from './sample-orders.ts'
import { processTemplates } from './templates.ts'

/** Maximum age of the end of a sample. */
const freshMs = 3_600_000

/** The orders of a template, evaluated by its process. */
interface Sample {
  readonly engine: LiveEngine
  /** End of the sample, epoch ms. */
  readonly now: number
}

/** The samples of the templates, created at first use. */
export class SampleEngines {
  readonly #samples = new Map<string, Promise<Sample>>()
  readonly #madeAt = new Map<string, number>()

  /** @param now epoch ms. @throws AppError `not_found` when no template has the code. */
  get(template: string, now: number): Promise<Sample> {
    const found = templateOf(template)
    const madeAt = this.#madeAt.get(template) ?? -Infinity
    const known = this.#samples.get(template)
    if (known !== undefined && madeAt <= now && now - madeAt < freshMs) return known
    const sample = inSlices(filled(found, now))
    this.#samples.set(template, sample)
    this.#madeAt.set(template, now)
    return sample
  }
}

function* filled(template: ProcessTemplate, now: number): Generator<void, Sample> {
  const { process, calendars } = template
  const engine = new LiveEngine('UTC')
  engine.setCalendars(new SiteCalendars(calendars))
  engine.setProcess([{ definition: process }], now)
  for (const { state, eventCount } of sampleOrders(template, now)) {
    engine.apply(state.order, process.code, state, eventCount, now)
    yield
  }
  return { engine, now }
}

/** @throws AppError `not_found` */
export function templateOf(code: string): ProcessTemplate {
  const template = processTemplates.find(({ process }) => process.code === code)
  if (template === undefined) {
    const known = processTemplates.map(({ process }) => process.code).join(', ')
    throw new AppError('not_found', `there is no template of this code; there are ${known}`, { field: 'template' })
  }
  return template
}
