import { expect, it } from 'vitest'
import { parseEnvironment } from '../../platform/environment.ts'
import { wantedSignals } from './wanted-signals.ts'

const endpoint = 'http://collector:4318'

it.each([
  [{}, []],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, []],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }, ['traces', 'metrics']],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint }, ['traces']],
  [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: endpoint }, ['metrics']],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_EXPORTER: 'none' }, ['metrics']],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_METRICS_EXPORTER: 'none' }, ['traces']],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: 'True' }, []],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: 'false' }, ['traces', 'metrics']],
])('%j exports %j', (variables, signals) => {
  expect(wantedSignals(parseEnvironment(variables))).toEqual(signals)
})
