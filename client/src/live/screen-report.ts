import type { Scene, ScreenReport } from '@stagewatch/shared/contract/screen.ts'
import type { ConnectionState } from './connection-state.ts'

/** State of the page at one moment. */
export interface DisplayMetrics {
  /** Name of the running script. */
  readonly build: string
  readonly reconnects: number
  /** Monotonic ms. */
  readonly now: number
  /** Time according to the device, epoch ms. */
  readonly deviceNow: number
  /** In screen pixels. */
  readonly width: number
  readonly height: number
  readonly memoryBytes: number | undefined
  readonly scene: Scene | undefined
}

/** What this screen reports about itself. */
export function screenReportOf(connection: ConnectionState, display: DisplayMetrics): ScreenReport {
  const { build, reconnects, now, deviceNow, width, height, memoryBytes, scene } = display
  const { confirmedAt, openedAt, serverOffsetMs } = connection
  return {
    build,
    reconnects,
    width: Math.max(1, Math.round(width)),
    height: Math.max(1, Math.round(height)),
    dataAgeMs: Math.max(0, Math.round(now - (confirmedAt ?? openedAt))),
    ...(memoryBytes !== undefined && { memoryBytes }),
    ...(scene !== undefined && { scene }),
    ...(serverOffsetMs !== undefined && { clockOffMs: Math.round(deviceNow - now - serverOffsetMs) }),
  }
}

/** Only Chromium provides it, in a non-standard property. */
export function heapBytes(page: Performance): number | undefined {
  const memory: unknown = 'memory' in page ? page.memory : undefined
  if (typeof memory !== 'object' || memory === null || !('usedJSHeapSize' in memory)) return undefined
  return typeof memory.usedJSHeapSize === 'number' ? memory.usedJSHeapSize : undefined
}
