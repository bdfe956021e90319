import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api'
import { SamplingDecision } from '@opentelemetry/sdk-trace'
import { expect, it } from 'vitest'
import { samplerOf } from './sampler.ts'

const [low, high] = ['00000000000000000000000000000001', '000000000000000000000000ffffffff']

/** Whether traces are sampled whose identifier is low and high, and one whose caller did not sample it. */
function sampled(name: string | undefined, argument?: string) {
  const warnings: string[] = []
  const sampler = samplerOf(name, argument, (message) => warnings.push(message))
  const unsampled = trace.setSpanContext(ROOT_CONTEXT, {
    traceId: low,
    spanId: 'b7ad6b7169203331',
    traceFlags: 0,
    isRemote: true,
  })
  const decide = (context: typeof ROOT_CONTEXT, traceId: string) =>
    sampler.shouldSample(context, traceId, 'GET', SpanKind.SERVER, {}, []).decision ===
    SamplingDecision.RECORD_AND_SAMPLED
  return {
    decisions: [decide(ROOT_CONTEXT, low), decide(ROOT_CONTEXT, high), decide(unsampled, low)],
    warnings: warnings.length,
  }
}

it.each([
  [undefined, undefined, [true, true, false]],
  ['always_on', undefined, [true, true, true]],
  ['always_off', undefined, [false, false, false]],
  ['traceidratio', '0.5', [true, false, true]],
  ['traceidratio', undefined, [true, true, true]],
  ['parentbased_always_on', undefined, [true, true, false]],
  ['parentbased_always_off', undefined, [false, false, false]],
  ['parentbased_traceidratio', '0.5', [true, false, false]],
])('the sampler %s with %s samples as the specification says', (name, argument, decisions) => {
  expect(sampled(name, argument)).toEqual({ decisions, warnings: 0 })
})

it.each([
  ['most', undefined, [true, true, false]],
  ['traceidratio', '2', [true, true, true]],
  ['traceidratio', 'half', [true, true, true]],
])('an unknown sampler %s, or a wrong argument %s, is ignored with a warning', (name, argument, decisions) => {
  expect(sampled(name, argument)).toEqual({ decisions, warnings: 1 })
})
