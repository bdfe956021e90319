import { departmentNamed } from '@stagewatch/shared/domain/departments.ts'
import { untranslated } from '@stagewatch/shared/domain/local-text.ts'
import { serverActor } from '../access/actor.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { departments as plantDepartments } from './plant-staff.ts'

/**
 * Manages the departments that the events of the plant name, under the names of the site's translations. A department
 * whose text is managed already stays as it is, so that what people have renamed, merged or archived is never undone.
 */
export async function manageDepartments({
  departments,
  translations,
}: Pick<SitePipeline, 'departments' | 'translations'>): Promise<void> {
  for (const { name: text } of Object.values(plantDepartments)) {
    if (departmentNamed(departments.now, text) !== undefined) continue
    const name = translations.now[text] ?? untranslated(text)
    await departments.save(text, { name, aliases: [], archived: false }, serverActor, null)
  }
}
