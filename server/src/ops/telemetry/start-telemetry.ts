import { wantedSignals } from './wanted-signals.ts'
import type { Telemetry, TelemetryOptions } from './wanted-signals.ts'

/** The packages of OpenTelemetry are loaded only if something is to be exported. */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry | undefined> {
  const signals = wantedSignals(options.environment)
  if (signals.length === 0) return undefined
  const { openTelemetry } = await import('./open-telemetry.ts')
  return openTelemetry(signals, options)
}
