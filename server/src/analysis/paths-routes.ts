import {
  pathOrdersAnswer,
  pathOrdersQuery,
  pathsAnswer,
  pathsQuery,
} from '@stagewatch/shared/contract/analysis-paths.ts'
import { audienceOf } from '../access/caller.ts'
import { callerOf } from '../access/route-access.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { AnswerContext } from '../query/answers.ts'
import { questionWithin } from '../query/question-within.ts'
import { listPathOrders } from './path-orders.ts'
import { describePaths } from './paths.ts'

const tags = ['numbers']

export function pathsRoutes(app: TypedApp, { sites, questions, numbersAt }: AnswerContext): void {
  app.get('/api/v1/analysis/paths', {
    config: { access: 'numbers.read' },
    schema: {
      summary: 'Which ways orders took through a process, and what they passed over or did again',
      tags,
      querystring: pathsQuery,
      response: { 200: pathsAnswer, ...refusals },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const { engine, position, privacy } = await sites.get(caller.site)
      const question = questionWithin(request.query, audienceOf(caller, privacy.now))
      return questions.ask(['paths', caller.site, question], async () => {
        const now = numbersAt()
        return { ...(await describePaths(engine, question, now)), asOf: now, position }
      })
    },
  })

  app.get('/api/v1/analysis/paths/orders', {
    config: { access: 'orders.read' },
    schema: {
      summary: 'The orders that took one way, passed over a stage or came back to it',
      tags,
      querystring: pathOrdersQuery,
      response: { 200: pathOrdersAnswer, ...refusals },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const { engine, position, privacy } = await sites.get(caller.site)
      const audience = audienceOf(caller, privacy.now)
      const question = questionWithin(request.query, audience)
      return questions.ask(['path-orders', caller.site, question, audience.privacy], async () => {
        const now = numbersAt()
        return { ...(await listPathOrders(engine, question, audience, now)), asOf: now, position }
      })
    },
  })
}
