import { z } from 'zod'
import { calendarDefinition } from './calendar.ts'
import { localText } from './names.ts'
import { processDraft } from './process-draft.ts'
import { processDefinition } from './process.ts'

/** Response of `GET /api/v1/admin/process-templates`: processes to start from, by industry. */
export const processTemplateList = z.object({
  templates: z.array(
    z.object({
      name: localText,
      /** One sentence that says for whom it is intended. */
      description: localText,
      /** Its code is also the code of the template. */
      process: processDefinition,
      /** The calendars that its stages name. */
      calendars: z.array(calendarDefinition),
    }),
  ),
})

/**
 * Request body of `POST /api/v1/admin/process-templates/{code}/draft`: the template becomes the draft of a process, and
 * the calendars that it names are created unless the site already has one with that code.
 */
export const templateDraftRequest = z.strictObject({
  /** Code of the process, which may already exist. Undefined: the code of the template. */
  process: z.string().trim().min(1).max(200).optional(),
  /** The language for the names of departments, which are the texts that events use. */
  language: z.string().max(35).default('en'),
})

/** The draft, and the codes of the calendars that were created. */
export const templateDraftAnswer = z.object({ draft: processDraft, calendars: z.array(z.string()) })

export type TemplateDraftRequest = z.infer<typeof templateDraftRequest>
