import { clicking, pressing, selecting, tabling } from '../watched-page/interaction.ts'
import type { Interaction, Page } from '../watched-page/interaction.ts'
import { pageRow } from '../watched-page/page-row.ts'

const orders = Number(process.env['BENCH_OVERVIEW_ORDERS'] ?? 100_000)
const title = `the analysis of ${orders.toLocaleString('en')} orders: from an interaction to the next paint`

/** The time analysis with all of its controls, and then each other question of the page. */
const interactions: readonly Interaction[] = [
  ...['Elapsed time', 'Working time', 'Equal steps', 'Doubling steps'].map((text) => ({
    name: 'change clock or scale',
    run: (page: Page) => page.getByText(text, { exact: true }).first().click(),
  })),
  ...['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown'].map((key) =>
    selecting('change the rows', 'Rows', key),
  ),
  ...Array.from({ length: 6 }, () => selecting('change the rows', 'Rows', 'ArrowUp')),
  ...['Visits', 'Median', 'Time spent'].map((column) => clicking('sort', 'button', column)),
  ...['stage-3', 'stage-7', 'stage-0'].map((stage) => ({
    name: 'choose a stage',
    run: (page: Page) => page.getByRole('link', { name: stage, exact: true }).click(),
  })),
  tabling(),
  tabling(),
  clicking('add a filter', 'button', 'Filter'),
  clicking('open the filter', 'menuitem', 'Department'),
  { name: 'choose in the filter', run: (page) => page.getByRole('checkbox', { name: 'D-2' }).click() },
  pressing('close the filter', 'Escape'),
  clicking('clear the filters', 'button', 'Clear filters'),
  ...['ArrowDown', 'ArrowUp'].map((key) => selecting('change the period', 'Time', key)),
  ...['Flow', 'Paths', 'Outliers', 'Before and after', 'Entry delay', 'Where time goes'].map((tab) => ({
    name: `open ${tab.toLowerCase()}`,
    run: (page: Page) => page.getByRole('navigation', { name: 'Questions' }).getByText(tab).click(),
  })),
  {
    name: 'list visits',
    run: (page) =>
      page
        .getByRole('link', { name: /^stage-4: / })
        .first()
        .click(),
  },
  clicking('come back', 'link', 'Where time goes'),
]

export const analysisPage = pageRow({ id: 'B22', title }, orders, {
  path: '/analysis',
  ready: 'section[aria-labelledby="dwell"] .chart svg',
  figures: 'section[aria-labelledby="time-spent"] p',
  interactions,
})
