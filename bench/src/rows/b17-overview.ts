import { clicking, pressing, selecting, tabling } from '../watched-page/interaction.ts'
import type { Interaction, Page } from '../watched-page/interaction.ts'
import { pageRow } from '../watched-page/page-row.ts'

const orders = Number(process.env['BENCH_OVERVIEW_ORDERS'] ?? 100_000)
const title = `the overview of ${orders.toLocaleString('en')} orders: from an interaction to the next paint`

const overviewMetrics = ['Median time', 'Open', 'Finished', 'Breach share, %']

/** A morning with the overview: each of its interactions, several times. */
const interactions: readonly Interaction[] = [
  ...overviewMetrics.map((metric) => ({
    name: 'change the metric',
    run: (page: Page) => page.getByText(metric, { exact: true }).click(),
  })),
  ...[2, 6, 9, 12].map((column) => ({
    name: 'point at cells',
    run: async (page: Page) => {
      // Forced: the tooltip of a cell may cover the next one and would receive the pointer.
      for (const row of [0, 3, 6, 9]) await page.locator(`[data-place="${row}.${column}"]`).hover({ force: true })
    },
  })),
  { name: 'choose a cell', run: (page) => page.locator('[data-place="4.10"]').click({ force: true }) },
  ...['ArrowUp', 'ArrowLeft', 'ArrowLeft', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'Escape'].map((key) =>
    pressing('move in the heat map', key),
  ),
  clicking('add a filter', 'button', 'Filter'),
  clicking('open the filter', 'menuitem', 'Department'),
  ...['D', '-', '2'].map((key) => pressing('search in the filter', key)),
  { name: 'choose in the filter', run: (page) => page.getByRole('checkbox', { name: 'D-2' }).click() },
  pressing('close the filter', 'Escape'),
  clicking('clear the filters', 'button', 'Clear filters'),
  ...['ArrowDown', 'ArrowDown', 'ArrowUp', 'ArrowUp'].map((key) => selecting('change the period', 'Time', key)),
  ...['ArrowDown', 'ArrowDown', 'ArrowUp', 'ArrowUp'].map((key) => selecting('change the rows', 'Rows', key)),
  ...['ArrowDown', 'ArrowUp'].map((key) => selecting('change the columns', 'Columns', key)),
  tabling(),
  tabling(),
  pressing('pause', 'p'),
  pressing('resume', 'p'),
  {
    name: 'open the shortcuts',
    run: async (page) => {
      await page.keyboard.press('?')
      await page.getByRole('dialog').waitFor()
    },
  },
  pressing('close the shortcuts', 'Escape'),
]

export const overviewPage = pageRow({ id: 'B17', title }, orders, {
  path: '/overview',
  ready: '[data-place="0.0"]',
  figures: '#content ul',
  interactions,
})
