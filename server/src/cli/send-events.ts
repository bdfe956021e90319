import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { EventSender, Importer } from '../ingest/imports/event-sender.ts'
import { intakeSender, trialSender } from '../ingest/imports/event-sender.ts'
import { callServer, untilAnswered } from './call-server.ts'
import type { Terminal } from './command.ts'
import type { LocalAdmin } from './local-admin.ts'

/** A request may have 8 MiB; a character takes at most three bytes, or two if JSON escapes it. */
const requestLimits = { maxEvents: 5_000, maxCharacters: 2 * 1024 * 1024 }

const operatorOfMachine: Importer = { name: 'operator', mayVoid: true }

/**
 * Sends events to the server and retries while it is overloaded.
 * @param importId `on` if they belong to no import.
 */
export function requestSender(operator: LocalAdmin, terminal: Terminal, importId: number | 'on'): EventSender {
  return {
    ...requestLimits,
    async send(events) {
      const request = { method: 'POST', path: '/api/v1/events', body: { events }, importId } as const
      return (await callServer<EventsAnswer>(operator, request, terminal)).results
    },
  }
}

/** The same for events of an import; makes no requests if the server runs in this process. */
export async function importSender(operator: LocalAdmin, terminal: Terminal, importId: number): Promise<EventSender> {
  const intake = await operator.intake?.()
  if (intake === undefined) return requestSender(operator, terminal, importId)
  const sender = intakeSender(intake, importId, operatorOfMachine, Date.now)
  return { ...sender, send: (events) => untilAnswered(() => sender.send(events), terminal) }
}

/** Dry run: determines the outcome of events at a site without storing them. */
export async function trialSenderOf(
  operator: LocalAdmin,
  terminal: Terminal,
  process: () => ProcessDefinition | undefined,
): Promise<EventSender> {
  const intake = await operator.intake?.()
  if (intake !== undefined) {
    const sender = trialSender(intake, process, operatorOfMachine, Date.now)
    return { ...sender, send: (events) => untilAnswered(() => sender.send(events), terminal) }
  }
  return {
    ...requestLimits,
    async send(events) {
      const request = { method: 'POST', path: '/api/v1/imports/trial', body: { events, process: process() } } as const
      return (await callServer<EventsAnswer>(operator, request, terminal)).results
    },
  }
}
