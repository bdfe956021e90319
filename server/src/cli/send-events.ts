import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'
import type { FileEvent } from '../ingest/files/file-event.ts'
import { callServer } from './call-server.ts'
import type { Terminal } from './command.ts'
import type { SendEvents } from '../ingest/imports/import-file.ts'
import type { LocalAdmin } from './local-admin.ts'

/** Sends events to the server and waits as long as it is overloaded. */
export function eventSender(operator: LocalAdmin, terminal: Terminal, importId: number | 'on'): SendEvents {
  return async (events: readonly FileEvent[]) => {
    const request = { method: 'POST', path: '/api/v1/events', body: { events }, importId } as const
    return (await callServer<EventsAnswer>(operator, request, terminal)).results
  }
}

/** Takes every event and keeps none, for a dry run. */
export const sendNowhere: SendEvents = (events) =>
  Promise.resolve(events.map((_, index) => ({ index, status: 'accepted' })))
