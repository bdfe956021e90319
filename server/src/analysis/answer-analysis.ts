import { Readable } from 'node:stream'
import { answerLine, linesType } from '@stagewatch/shared/contract/answer-lines.ts'
import type { Choice } from '@stagewatch/shared/contract/choice.ts'
import type { Audience } from '@stagewatch/shared/domain/access/audience.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { audienceOf } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import { callerOf } from '../access/route-access.ts'
import type { ScanWatch } from '../engine/scans/scan-watch.ts'
import type { VisitScans } from '../engine/scans/visit-scans.ts'
import { AppError } from '../platform/app-error.ts'
import type { AnswerContext } from '../query/answers.ts'
import { withOlderVisits } from '../query/older-visits.ts'
import type { PendingQuery } from '../query/query-limiter.ts'
import { restrictQuery } from '../query/restrict-query.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'

/** First and further delay after which a waiting client receives progress. */
const everyMs = 300

export interface AnalysisContext extends AnswerContext {
  readonly scans: VisitScans
}

/** An analysis query as its caller may run it, for one site at one instant. */
export interface AnalysisRequest<Q> {
  readonly caller: Caller
  readonly audience: Audience
  readonly pipeline: SitePipeline
  readonly question: Q
  readonly now: number
  /** Also covers visits that the engine has evicted from memory. */
  readonly scans: VisitScans
  readonly watch: ScanWatch
}

interface Analysis<Q, A extends z.ZodType> {
  readonly kind: string
  readonly query: Q
  readonly answer: A
  readonly find: (asked: AnalysisRequest<Q>) => Promise<Omit<z.output<A>, 'asOf' | 'position'>>
}

/** The response of a route: immediate if the client asks for that, otherwise streamed line by line. */
export function analysisResponse<A extends z.ZodType>(answer: A) {
  return {
    description: 'Requested as lines: progress while a long analysis runs, then the result',
    content: { 'application/json': { schema: answer }, [linesType]: { schema: answerLine(answer) } },
  }
}

/**
 * Answers analysis queries. When a client closes the connection, its query stops using threads and the database, unless
 * other clients wait for the same answer.
 */
export function analysisAnswers({ sites, database, questions, numbersAt, scans }: AnalysisContext) {
  return async <Q extends Choice, A extends z.ZodType>(
    request: FastifyRequest,
    reply: FastifyReply,
    { kind, query, answer, find }: Analysis<Q, A>,
  ): Promise<z.output<A>> => {
    const caller = callerOf(request)
    const { site } = caller
    const pipeline = await sites.get(site)
    const audience = audienceOf(caller, pipeline.privacy.now)
    const question = restrictQuery(query, audience, pipeline.departments.now)
    const search = async (watch: ScanWatch): Promise<z.output<A>> => {
      const now = numbersAt()
      const { engine, position } = pipeline
      const older = withOlderVisits(scans, { database, site, engine }, watch)
      const found = await find({ caller, audience, pipeline, question, now, scans: older, watch })
      return { ...found, asOf: now, position } as z.output<A>
    }
    const asked = questions.follow([kind, site, question, audience.privacy], search, abortOnDisconnect(reply))
    if (request.headers.accept?.includes(linesType) !== true) return asked.answer
    // A query that is refused at once gets the matching HTTP status.
    await Promise.race([asked.answer, after(everyMs)])
    void reply.header('content-type', linesType)
    // Fastify's reply type excludes streams if there is a schema; Fastify sends them unchanged.
    return reply.send(Readable.from(lines(asked, answer, request))) as never
  }
}

/** Aborted when the response has been sent or the client has disconnected. */
function abortOnDisconnect(reply: FastifyReply): AbortSignal {
  const left = new AbortController()
  reply.raw.once('close', () => left.abort())
  return left.signal
}

async function* lines<A extends z.ZodType>(
  { answer, watch }: PendingQuery<z.output<A>>,
  schema: A,
  { id, log }: FastifyRequest,
): AsyncGenerator<string> {
  const line = answerLine(schema)
  const toLine = (value: z.input<typeof line>): string => `${JSON.stringify(line.parse(value))}\n`
  try {
    for (;;) {
      const found = await Promise.race([answer.then((result) => ({ result })), after(everyMs)])
      if (found !== undefined) return yield toLine(found)
      yield toLine({ progress: watch.progress })
    }
  } catch (error) {
    // The HTTP status has already been sent.
    if (error instanceof AppError) return yield toLine({ problem: { code: error.code, message: error.message } })
    log.error({ err: error }, 'an analysis failed')
    const message = `internal error; the server log has the details under the request id ${id}`
    yield toLine({ problem: { code: 'internal', message } })
  }
}

function after(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms).unref())
}
