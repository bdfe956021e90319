import { expect, it } from 'vitest'
import { firstEventCommands } from './first-event-commands.ts'

it('the first event is one that the log accepts', () => {
  const { event, key } = firstEventCommands('http://127.0.0.1:4000', 'main', Date.parse('2026-06-09T06:26:02.345Z'))
  expect(key).toContain('--site main')
  expect(firstEventCommands('http://127.0.0.1:4000', 'main', 0, { settings: 'DATA_DIR=/srv/plant ' }).key).toBe(
    `DATA_DIR=/srv/plant ${key}`,
  )
  expect(event).toContain('"occurredAt":"2026-06-09T06:26:02Z"')
})
