import { isDeepStrictEqual } from 'node:util'
import { inSection } from '../rules/config-section.ts'
import type { ConfigSection } from '../rules/config-section.ts'
import {
  initialSettings,
  loadSettings,
  lockSettings,
  requireChannel,
  requireStages,
  saveSettings,
} from './customer-settings.ts'

/** What the site tells its customers; the channel is named by its id. */
export const customerNewsSection: ConfigSection = {
  async load(db, site) {
    return { customerNews: (await loadSettings(db, site))?.settings ?? initialSettings }
  },
  async apply(tx, site, { customerNews: after, processes }, { record, changedAt }) {
    if (after === undefined) return
    const stored = await lockSettings(tx, site)
    const before = stored?.settings ?? initialSettings
    if (isDeepStrictEqual(before, after)) return
    await inSection('customerNews', async () => {
      requireStages(after, (process, stage) => {
        const versions = Object.hasOwn(processes, process) ? (processes[process] ?? []) : []
        return versions.some(({ definition }) => definition.stages.some(({ code }) => code === stage))
      })
      if (after.enabled) await requireChannel(tx, site, after.channel)
    })
    await saveSettings(tx, site, stored, after, changedAt)
    await record({ action: 'customer-news.changed', subject: '', before, after })
  },
}
