import { isDeepStrictEqual } from 'node:util'
import type { ConfigSection } from '../rules/config-section.ts'
import { loadTaskRules, saveTaskRules } from './task-rules.ts'

/** The rules by which the site assigns and closes tasks. */
export const taskRulesSection: ConfigSection = {
  async load(db, site) {
    return { taskRules: await loadTaskRules(db, site) }
  },
  async apply(tx, site, { taskRules: after }, { current, record, changedAt }) {
    const before = current.taskRules
    if (after === undefined || isDeepStrictEqual(before, after)) return
    await saveTaskRules(tx, site, after, changedAt)
    await record({ action: 'task-rules.changed', subject: '', before, after })
  },
}
