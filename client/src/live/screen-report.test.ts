import { screenReport } from '@stagewatch/shared/contract/screen.ts'
import { expect, it } from 'vitest'
import { newConnection } from './connection-state.ts'
import { heapBytes, screenReportOf } from './screen-report.ts'

const display = {
  build: 'wall-1.js',
  reconnects: 2,
  now: 60_000,
  deviceNow: 1_800_000_090_000,
  width: 3_840.4,
  height: 2_160,
  memoryBytes: undefined,
  scene: undefined,
}

it('reports the age of the numbers and how far the device clock is ahead of the server', () => {
  const connection = {
    ...newConnection(0),
    confirmedAt: 58_500,
    serverOffsetMs: 1_800_000_000_000,
  }
  const report = screenReportOf(connection, { ...display, memoryBytes: 9_000, scene: 'andon' })
  expect(report).toEqual({
    build: 'wall-1.js',
    reconnects: 2,
    width: 3_840,
    height: 2_160,
    dataAgeMs: 1_500,
    memoryBytes: 9_000,
    scene: 'andon',
    clockOffMs: 30_000,
  })
  expect(screenReport.parse(report)).toEqual(report)
})

it('reports how long it has waited while there are no numbers yet', () => {
  const report = screenReportOf(newConnection(10_000), display)
  expect(report.dataAgeMs).toBe(50_000)
  expect(report.clockOffMs).toBeUndefined()
  expect(screenReport.safeParse(report).success).toBe(true)
})

it('reports its memory if the browser provides it', () => {
  const page = (more: object) => heapBytes({ ...more } as Performance)
  expect(page({ memory: { usedJSHeapSize: 9_000 } })).toBe(9_000)
  for (const silent of [{}, { memory: null }, { memory: 9_000 }, { memory: {} }, { memory: { usedJSHeapSize: '9' } }]) {
    expect(page(silent)).toBeUndefined()
  }
})
