import { z } from 'zod'
import { calendarDefinition } from './calendar.ts'
import { localText } from './local-text.ts'
import { processDraft } from './process-draft.ts'
import { processDefinition } from './process.ts'

/** The answer of `GET /api/v1/admin/process-templates`: processes to begin with, by industry. */
export const processTemplateList = z.object({
  templates: z.array(
    z.object({
      name: localText,
      /** For whom it is, in a sentence. */
      description: localText,
      /** Its code is that of the template, too. */
      process: processDefinition,
      /** Those that its stages name. */
      calendars: z.array(calendarDefinition),
    }),
  ),
})

/**
 * The body of `POST /api/v1/admin/process-templates/{code}/draft`: the template becomes the draft of a process, and the
 * calendars that it names are made as far as the site has none of that code.
 */
export const templateDraftRequest = z.strictObject({
  /** Code of the process, which may be there already; left out: that of the template. */
  process: z.string().trim().min(1).max(200).optional(),
  /** The language in which departments are named, which are the words that events use. */
  language: z.string().max(35).default('en'),
})

/** The answer: the draft, and the codes of the calendars that were made. */
export const templateDraftAnswer = z.object({ draft: processDraft, calendars: z.array(z.string()) })

export type TemplateDraftRequest = z.infer<typeof templateDraftRequest>
