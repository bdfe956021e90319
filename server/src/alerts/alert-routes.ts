import type { Database } from '@stagewatch/db/database.ts'
import {
  alertDeclineRequest,
  alertDetail,
  alertHandOverRequest,
  alertList,
  alertTargets,
  alertsQuery,
  snoozeRequest,
} from '@stagewatch/shared/contract/alerts.ts'
import {
  alertRule,
  alertRuleCreated,
  alertRuleList,
  alertRuleRequest,
  backTest,
  backTestRequest,
} from '@stagewatch/shared/contract/alert-rules.ts'
import type { AlertRuleView } from '@stagewatch/shared/contract/alert-rules.ts'
import { isOrderCondition } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { ended } from '@stagewatch/shared/contract/people.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { audienceOf } from '../access/caller.ts'
import { callerOf } from '../access/route-access.ts'
import type { Identity } from '../identity/identity.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { expectedVersion, versionOf } from '../platform/edit-version.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { DryRunLimiter } from '../query/dry-run-limiter.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { acknowledgeAlert, snoozeAlert } from './act-on-alert.ts'
import { contentOf } from './alert-rules-table.ts'
import type { StoredAlertRule } from './alert-rules-table.ts'
import type { Alerts } from './alerts.ts'
import { backTest as testOnPast } from './back-test.ts'
import { acceptAlert, declineAlert, handOverAlert, listHandOverTargets } from './hand-over.ts'
import type { HandingOver } from './hand-over.ts'
import { describeAlert, listAlerts, loadRuleWeeks, noWeek } from './list-alerts.ts'
import type { AlertReading, RuleWeek } from './list-alerts.ts'
import { backTestMeasure } from './measure-back-test.ts'
import { withTranslations } from '../rules/with-translations.ts'

const tags = ['alerts']
const querystring = z.strictObject({ site: z.string().optional() })
const ruleParams = z.object({ id: z.string().max(100) })
const alertParams = z.object({ id: z.string().regex(/^\d{1,15}$/, 'must be the number of an alert') })
const done = z.object({ id: z.int() })
const notFound = { ...refusals, 404: problem }

interface AlertRouteOptions {
  readonly database: Database
  readonly clock: Clock
  readonly sites: SiteRegistry
  readonly identity: Identity
  readonly alerts: Alerts
  readonly dryRuns: DryRunLimiter
}

export function alertRoutes(app: TypedApp, options: AlertRouteOptions): void {
  const { database, clock, sites, identity, alerts, dryRuns } = options

  const reading = async (request: FastifyRequest): Promise<AlertReading> => {
    const caller = callerOf(request)
    const { engine, privacy } = await sites.get(caller.site)
    const personId = caller.kind === 'person' ? caller.id : undefined
    return { database, site: caller.site, engine, audience: audienceOf(caller, privacy.now), personId }
  }

  const translated = async <Answer extends object>(request: FastifyRequest, answer: Answer) =>
    withTranslations(answer, (await sites.get(callerOf(request).site)).translations)

  /** Callers can act only on alerts that they may see. */
  const acting = async (request: FastifyRequest, id: number): Promise<HandingOver> => {
    const caller = callerOf(request)
    const pipeline = await sites.get(caller.site)
    const seen = await reading(request)
    await describeAlert(seen, id, clock.now())
    // The name that others see as the author; a key or a command has no other name.
    const person = caller.kind === 'person' ? await identity.sessions.find(request.headers.cookie ?? '') : undefined
    const showsPeople = seen.audience.privacy.people === 'shown'
    const personName = person?.name ?? caller.name
    return { database, site: caller.site, engine: seen.engine, pipeline, caller, personName, showsPeople }
  }

  app.get('/api/v1/alert-rules', {
    config: { access: 'rules.read' },
    schema: { summary: 'Alert rules of the site', tags, querystring, response: { 200: alertRuleList, ...refusals } },
    handler: async (request) => {
      const { site } = callerOf(request)
      const weeks = await loadRuleWeeks(database, site, clock.now())
      return { rules: (await alerts.rules.list(site)).map((rule) => viewOfRule(rule, weeks.get(rule.id))) }
    },
  })

  app.post('/api/v1/alert-rules', {
    config: { access: 'rules.change' },
    schema: {
      summary: 'Create an alert rule',
      tags,
      querystring,
      body: alertRuleRequest,
      response: { 200: alertRuleCreated, ...refusals, 409: problem },
    },
    handler: async (request) => {
      const { id } = await alerts.rules.create(request.body, callerOf(request))
      return { id }
    },
  })

  app.put('/api/v1/alert-rules/:id', {
    config: { access: 'rules.change' },
    schema: {
      summary: 'Change an alert rule',
      tags,
      querystring,
      params: ruleParams,
      body: alertRuleRequest,
      response: { 200: alertRule, ...notFound, 409: problem },
    },
    handler: async (request) => {
      const expected = expectedVersion(request.headers)
      const caller = callerOf(request)
      const rule = await alerts.rules.change(request.params.id, request.body, caller, expected)
      return viewOfRule(rule, (await loadRuleWeeks(database, caller.site, clock.now())).get(rule.id))
    },
  })

  app.delete('/api/v1/alert-rules/:id', {
    config: { access: 'rules.change' },
    schema: {
      summary: 'Delete an alert rule and its alerts',
      tags,
      querystring,
      params: ruleParams,
      response: { 200: ended, ...notFound },
    },
    handler: async (request) => {
      await alerts.rules.delete(request.params.id, callerOf(request))
      return { id: request.params.id }
    },
  })

  app.post('/api/v1/alert-rules/back-test', {
    config: { access: 'rules.change', load: 'history' },
    schema: {
      summary: 'Which alerts a rule would have raised in the last days; nothing is saved and nobody is notified',
      tags,
      querystring,
      body: backTestRequest,
      response: { 200: backTest, ...refusals },
    },
    handler: async (request) => {
      const { site, kind, id, name } = callerOf(request)
      const pipeline = await sites.get(site)
      const gone = new AbortController()
      request.raw.once('close', () => {
        if (request.raw.destroyed) gone.abort()
      })
      const { days, rule } = request.body
      const { condition, scope } = rule
      const { engine, sources } = pipeline
      const { rules, days: localDays } = engine
      const asked = { database, now: clock.now(), signal: gone.signal }
      // Reads all orders of its days, so it is as expensive as a dry run.
      const end = dryRuns.begin(`${site} ${kind} ${id ?? name}`)
      try {
        return await (isOrderCondition(condition)
          ? testOnPast({ condition, scope }, days, { ...asked, site, rules, days: localDays })
          : backTestMeasure({ condition, scope }, days, { ...asked, site: { code: site, engine, sources } }))
      } finally {
        end()
      }
    },
  })

  app.get('/api/v1/alerts', {
    config: { access: 'orders.read' },
    schema: {
      summary: 'Alerts, newest first',
      tags,
      querystring: alertsQuery,
      response: { 200: alertList, ...refusals },
    },
    handler: async (request) => {
      const { site: _site, ...question } = request.query
      return translated(request, await listAlerts(await reading(request), question, clock.now()))
    },
  })

  app.get('/api/v1/alerts/:id', {
    config: { access: 'orders.read' },
    schema: {
      summary: 'An alert with its notifications and actions',
      tags,
      querystring,
      params: alertParams,
      response: { 200: alertDetail, ...notFound },
    },
    handler: async (request) =>
      translated(request, await describeAlert(await reading(request), Number(request.params.id), clock.now())),
  })

  app.post('/api/v1/alerts/:id/acknowledge', {
    config: { access: 'orders.act' },
    schema: {
      summary: 'Acknowledge an alert: nobody else is notified while it stays acknowledged',
      tags,
      querystring,
      params: alertParams,
      response: { 200: done, ...notFound, 409: problem },
    },
    handler: async (request) => {
      const id = Number(request.params.id)
      await acknowledgeAlert(await acting(request, id), id, clock.now())
      return { id }
    },
  })

  app.post('/api/v1/alerts/:id/snooze', {
    config: { access: 'orders.act' },
    schema: {
      summary: 'Snooze an alert until an instant, then notify its last receiver again',
      tags,
      querystring,
      params: alertParams,
      body: snoozeRequest,
      response: { 200: done, ...notFound, 409: problem },
    },
    handler: async (request) => {
      const id = Number(request.params.id)
      await snoozeAlert(await acting(request, id), id, request.body.until, clock.now())
      return { id }
    },
  })

  app.get('/api/v1/alerts/:id/targets', {
    config: { access: 'orders.act' },
    schema: {
      summary: 'To whom an alert can be handed over: people who see it and may act on it',
      tags,
      querystring,
      params: alertParams,
      response: { 200: alertTargets, ...notFound },
    },
    handler: async (request) => {
      const id = Number(request.params.id)
      return translated(request, await listHandOverTargets(await acting(request, id), id, clock.now()))
    },
  })

  app.post('/api/v1/alerts/:id/hand-over', {
    config: { access: 'orders.act' },
    schema: {
      summary: 'Hand an alert over to a colleague: nobody else is notified until they answer or the time is over',
      tags,
      querystring,
      params: alertParams,
      body: alertHandOverRequest,
      response: { 200: done, ...notFound, 409: problem },
    },
    handler: async (request) => {
      const id = Number(request.params.id)
      await handOverAlert(await acting(request, id), id, request.body, clock.now())
      return { id }
    },
  })

  app.post('/api/v1/alerts/:id/accept', {
    config: { access: 'orders.act' },
    schema: {
      summary: 'Accept an alert that was handed over to the caller, which acknowledges it',
      tags,
      querystring,
      params: alertParams,
      response: { 200: done, ...notFound, 409: problem },
    },
    handler: async (request) => {
      const id = Number(request.params.id)
      await acceptAlert(await acting(request, id), id, clock.now())
      return { id }
    },
  })

  app.post('/api/v1/alerts/:id/decline', {
    config: { access: 'orders.act' },
    schema: {
      summary: 'Decline an alert that was handed over to the caller: its notifications continue where they stopped',
      tags,
      querystring,
      params: alertParams,
      body: alertDeclineRequest,
      response: { 200: done, ...notFound, 409: problem },
    },
    handler: async (request) => {
      const id = Number(request.params.id)
      await declineAlert(await acting(request, id), id, request.body.reason, clock.now())
      return { id }
    },
  })
}

function viewOfRule(rule: StoredAlertRule, week: RuleWeek = noWeek): AlertRuleView {
  return { ...rule, week, version: versionOf(contentOf(rule)) }
}
