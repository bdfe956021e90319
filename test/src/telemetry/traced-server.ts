import { openReceiver } from './otlp-receiver.ts'
import type { OtlpReceiver } from './otlp-receiver.ts'

export interface Exporting {
  readonly receiver: OtlpReceiver
  /** For the server. */
  readonly variables: Readonly<Record<string, string>>
  close(): Promise<void>
}

/**
 * A collector, and the variables of a server that exports to it soon. The exporters read the environment of the process,
 * which is restored at the end.
 */
export async function startExporting(more: Readonly<Record<string, string>> = {}): Promise<Exporting> {
  const receiver = await openReceiver()
  const variables = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '50',
    OTEL_METRIC_EXPORT_INTERVAL: '200',
    ...more,
  }
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, variables)
  return {
    receiver,
    variables,
    async close() {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
      }
      await receiver.close()
    },
  }
}
