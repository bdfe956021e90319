export interface Section {
  readonly en: string
  readonly zh: string
  /** English pages, in the order of the sidebar. */
  readonly pages: readonly string[]
  /** The other pages of this folder follow, sorted by name. */
  readonly folder?: string
  readonly collapsed?: boolean
}

/** The sidebar: pages by what a reader wants. */
export const sections: readonly Section[] = [
  {
    en: 'Tutorials',
    zh: '入门教程',
    pages: [
      'tutorials/first-ten-minutes.md',
      'tutorials/connect-your-erp.md',
      'tutorials/first-process.md',
      'tutorials/hang-up-a-wall.md',
      'tutorials/first-alert-rule.md',
      'getting-started.md',
    ],
  },
  {
    en: 'How-to by role',
    zh: '按角色使用',
    pages: [
      'using/managers.md',
      'using/team-leads.md',
      'using/operators.md',
      'using/process-owners.md',
      'using/administrators.md',
      'using/channels.md',
    ],
  },
  {
    en: 'Operating',
    zh: '运行维护',
    pages: [
      'operating/install.md',
      'operating/troubleshooting.md',
      'operating/monitoring.md',
      'operating/people-and-sign-in.md',
      'operating/screens.md',
      'operating/screens-linux.md',
      'operating/screens-windows.md',
      'operating/screens-tv.md',
      'operating/backup.md',
      'operating/upgrade.md',
      'operating/export.md',
      'operating/audit.md',
      'operating/retention.md',
      'operating/calendars-and-targets.md',
      'operating/webhooks.md',
      'operating/bi-views.md',
      'operating/proxies.md',
      'operating/load-balancing.md',
      'operating/postgresql-failover.md',
      'operating/sizing.md',
    ],
  },
  {
    en: 'Reference',
    zh: '参考',
    pages: [
      'reference/configuration.md',
      'reference/commands.md',
      'reference/events.md',
      'reference/imports.md',
      'operating/metrics.md',
      'operating/limits.md',
      'errors.md',
      'reference/faults-and-bad-input.md',
      'glossary.md',
    ],
  },
  {
    en: 'Explanation',
    zh: '原理',
    pages: [
      'explanation/what-is-counted.md',
      'explanation/faq.md',
      'explanation/security-and-privacy.md',
      'architecture.md',
      'languages.md',
    ],
  },
  { en: 'Maintaining', zh: '维护与发布', pages: ['maintaining/releases.md'] },
  { en: 'Decisions', zh: '决策记录', pages: ['decisions/README.md'], folder: 'decisions/', collapsed: true },
]
