import type { Sampler } from '@opentelemetry/sdk-trace'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace'

/**
 * The sampler that `OTEL_TRACES_SAMPLER` names, by default `parentbased_always_on`.
 * @param argument `OTEL_TRACES_SAMPLER_ARG`.
 * @param warn is told about a value that is ignored.
 */
export function samplerOf(
  name = 'parentbased_always_on',
  argument: string | undefined,
  warn: (message: string) => void,
): Sampler {
  switch (name.toLowerCase()) {
    case 'always_on':
      return new AlwaysOnSampler()
    case 'always_off':
      return new AlwaysOffSampler()
    case 'traceidratio':
      return new TraceIdRatioBasedSampler(ratioOf(argument, warn))
    case 'parentbased_always_off':
      return new ParentBasedSampler({ root: new AlwaysOffSampler() })
    case 'parentbased_traceidratio':
      return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratioOf(argument, warn)) })
    case 'parentbased_always_on':
      break
    default:
      warn(
        'OTEL_TRACES_SAMPLER is ignored: it must be always_on, always_off, traceidratio, or one of these after parentbased_',
      )
  }
  return new ParentBasedSampler({ root: new AlwaysOnSampler() })
}

function ratioOf(argument: string | undefined, warn: (message: string) => void): number {
  const ratio = argument === undefined ? 1 : Number(argument)
  if (ratio >= 0 && ratio <= 1) return ratio
  warn('OTEL_TRACES_SAMPLER_ARG is ignored: it must be a number from 0 to 1')
  return 1
}
