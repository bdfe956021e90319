import { calendarDefinition } from '@stagewatch/shared/contract/calendar.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import {
  processTemplateList,
  templateDraftAnswer,
  templateDraftRequest,
} from '@stagewatch/shared/contract/process-templates.ts'
import { z } from 'zod'
import { actorOf } from '../access/actor.ts'
import type { Actor } from '../access/actor.ts'
import { callerOf } from '../access/route-access.ts'
import { AppError } from '../platform/app-error.ts'
import { expectedVersion, versionOf } from '../platform/edit-version.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import { viewOfDraft } from '../rules/draft-view.ts'
import type { ProcessRouteOptions } from '../rules/draft-view.ts'
import type { RuleService } from '../rules/rule-service.ts'
import { asDraft } from './as-draft.ts'
import type { ProcessTemplate } from './process-template.ts'
import { templateOf } from './sample-engines.ts'
import { processTemplates } from './templates.ts'

const tags = ['administration']
const querystring = z.strictObject({ site: z.string().optional() })

export function templateRoutes(app: TypedApp, { sites, database }: ProcessRouteOptions): void {
  app.get('/api/v1/admin/process-templates', {
    config: { access: 'rules.read' },
    schema: {
      summary: 'Process templates by industry',
      tags,
      querystring,
      response: { 200: processTemplateList, ...refusals },
    },
    handler: () => ({
      templates: processTemplates.map(({ name, description, process, calendars }) => ({
        name,
        description,
        process,
        calendars: calendars.map((calendar) => calendarDefinition.parse(calendar)),
      })),
    }),
  })

  app.post('/api/v1/admin/process-templates/:code/draft', {
    config: { access: 'rules.change' },
    schema: {
      summary: 'Create the draft of a process from a template, with the calendars that it names',
      tags,
      params: z.object({ code: z.string() }),
      querystring,
      body: templateDraftRequest,
      response: { 200: templateDraftAnswer, ...refusals, 404: problem, 409: problem },
    },
    handler: async (request) => {
      const template = templateOf(request.params.code)
      const caller = callerOf(request)
      const rules = await sites.get(caller.site)
      const actor = actorOf(caller)
      const definition = asDraft(template, request.body)
      const base = baseOf(rules, definition.code)
      const saved = await rules.drafts.save({ definition, base }, actor, expectedVersion(request.headers))
      const calendars = await addCalendars(rules, template, actor)
      const draft = await viewOfDraft(database, saved)
      if (draft === null) throw new TypeError('a draft that was saved has a view')
      return { draft, calendars }
    },
  })
}

/** Version of the process on which a draft is based; null if there is none yet. */
function baseOf({ catalog }: RuleService, process: string): string | null {
  const history = catalog.histories().find(([{ definition }]) => definition.code === process)
  return history === undefined ? null : versionOf(history)
}

/**
 * Adds the calendars of the template that the site does not have; an existing one with the same code is kept.
 * @returns the codes of the added ones.
 */
async function addCalendars(rules: RuleService, { calendars }: ProcessTemplate, actor: Actor): Promise<string[]> {
  const added: string[] = []
  for (const calendar of calendars) {
    if (rules.catalog.calendars.some(({ code }) => code === calendar.code)) continue
    try {
      await rules.saveCalendar(calendar, actor, null)
    } catch (error) {
      // Another server instance created it a moment ago.
      if (error instanceof AppError && error.code === 'conflict') continue
      throw error
    }
    added.push(calendar.code)
  }
  return added
}
