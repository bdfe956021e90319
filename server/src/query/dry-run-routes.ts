import { Readable } from 'node:stream'
import type { Queryable } from '@stagewatch/db/database.ts'
import { linesType } from '@stagewatch/shared/contract/answer-lines.ts'
import { dryRunLine, dryRunRequest } from '@stagewatch/shared/contract/dry-run.ts'
import type { DryRunLine, DryRunRequest } from '@stagewatch/shared/contract/dry-run.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import type { FastifyBaseLogger } from 'fastify'
import { z } from 'zod'
import type { Caller } from '../access/caller.ts'
import { callerOf } from '../access/route-access.ts'
import { DryRun } from '../engine/dry-run/dry-run.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { AppError } from '../platform/app-error.ts'
import { ruleBytes } from '../platform/http/json-body.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import { calendarsOfProcess, refuseUnknownCalendars } from '../rules/refuse-unknown-calendars.ts'
import { historyToSave } from '../rules/version-to-save.ts'
import type { AnswerContext } from './answers.ts'
import type { DryRunLimiter } from './dry-run-limiter.ts'
import { dryRunLines } from './dry-run-lines.ts'

const dayMs = 86_400_000

interface DryRunRouteOptions extends Pick<AnswerContext, 'database' | 'sites' | 'numbersAt'> {
  readonly dryRuns: DryRunLimiter
  readonly samples: DryRunSamples
}

/** Sample orders for the templates of processes. */
export interface DryRunSamples {
  /** @param now epoch ms. @throws AppError `not_found` */
  get(template: string, now: number): Promise<{ readonly engine: LiveEngine; readonly now: number }>
}

export function dryRunRoutes(
  app: TypedApp,
  { database, sites, dryRuns, samples, numbersAt }: DryRunRouteOptions,
): void {
  app.post('/api/v1/admin/processes/:code/dry-run', {
    config: { access: 'rules.change', load: 'history' },
    bodyLimit: ruleBytes,
    schema: {
      summary: 'What would be overdue under a changed process, computed from visits and orders in memory',
      tags: ['administration'],
      params: z.object({ code: z.string() }),
      body: dryRunRequest,
      response: {
        200: {
          description: 'One JSON value per line: progress, then the result',
          content: { [linesType]: { schema: dryRunLine } },
        },
        ...refusals,
        422: problem,
      },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request)
      const { engine } = await sites.get(caller.site)
      const { body } = request
      await refuseWrong(database, caller.site, request.params.code, body)
      const sample = body.sample === undefined ? undefined : await samples.get(body.sample, numbersAt())
      const run = sample === undefined ? dryRunOf(engine, body, numbersAt()) : dryRunOfSample(sample, body)
      const end = dryRuns.begin(`${caller.site} ${caller.kind} ${caller.id ?? caller.name}`)
      const lines = Readable.from(texts(dryRunLines(run), caller, request))
      // Also runs if nobody has read anything.
      lines.once('close', end)
      reply.header('content-type', linesType)
      // Fastify's reply type excludes streams if there is a schema; Fastify sends them unchanged.
      return reply.send(lines as unknown as DryRunLine)
    },
  })
}

/** @throws AppError `invalid_field`, `unknown_calendar` */
async function refuseWrong(
  database: Queryable,
  site: string,
  code: string,
  { definition }: DryRunRequest,
): Promise<void> {
  if (code !== definition.code) {
    throw new AppError('invalid_field', 'the code of the address and of the definition differ', {
      field: 'definition.code',
      reason: 'mismatch',
    })
  }
  const named = calendarsOfProcess(definition)
  await refuseUnknownCalendars(
    database,
    site,
    named.map(([field, calendar]) => [`definition.${field}`, calendar]),
  )
}

function dryRunOf(
  engine: LiveEngine,
  { definition, days, validFrom, wholePeriod }: DryRunRequest,
  now: number,
): DryRun {
  const live = wholePeriod ? undefined : engine.rules.history(definition.code)
  const draft = historyToSave(live, definition, validFrom, now)
  return new DryRun(engine, { draft, from: now - days * dayMs, now })
}

/** The sample orders belong to the template's process, so the tested definition gets that code, whatever its own is. */
function dryRunOfSample(
  { engine, now }: Awaited<ReturnType<DryRunSamples['get']>>,
  { sample = '', definition, ...request }: DryRunRequest,
): DryRun {
  return dryRunOf(engine, { ...request, definition: { ...definition, code: sample } }, now)
}

/** Lines as text. The HTTP status is sent before the first line, so an error is a line as well. */
async function* texts(
  lines: AsyncIterable<DryRunLine>,
  { actions }: Caller,
  { id, log }: { readonly id: string; readonly log: FastifyBaseLogger },
): AsyncGenerator<string> {
  const seen = (line: DryRunLine): DryRunLine =>
    'result' in line && !actions.has('orders.read') ? { result: { ...line.result, examples: [] } } : line
  try {
    for await (const line of lines) yield `${JSON.stringify(dryRunLine.parse(seen(line)))}\n`
  } catch (error) {
    log.error({ err: error }, 'a dry run failed')
    const told = `internal error; the server log has the details under the request id ${id}`
    yield `${JSON.stringify({ problem: { code: 'internal', message: told } } satisfies DryRunLine)}\n`
  }
}
