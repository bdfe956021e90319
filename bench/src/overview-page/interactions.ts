import type { DeskPage } from '@stagewatch/test/desk/desk-page.ts'

type Page = DeskPage['page']

/** What somebody does on the overview, one thing at a time. */
export interface Interaction {
  readonly name: string
  readonly run: (page: Page) => Promise<unknown>
}

const overviewMetrics = ['Median time', 'Open', 'Finished', 'Breach share, %']

/** A morning with the overview: each way to act on it that it has, several times. */
export const interactions: readonly Interaction[] = [
  ...overviewMetrics.map((metric) => ({
    name: 'change the metric',
    run: (page: Page) => page.getByText(metric, { exact: true }).click(),
  })),
  ...[2, 6, 9, 12].map((column) => ({
    name: 'point at cells',
    run: async (page: Page) => {
      // Forced: what a cell says may lie over the next one, and then the pointer goes there.
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

function pressing(name: string, key: string): Interaction {
  return { name, run: (page) => page.keyboard.press(key) }
}

function clicking(name: string, role: 'button' | 'menuitem', text: string): Interaction {
  return { name, run: (page) => page.getByRole(role, { name: text, exact: true }).click() }
}

/** By the keyboard: what a script selects is no interaction. */
function selecting(name: string, label: string, key: string): Interaction {
  return {
    name,
    run: async (page) => {
      await page.getByLabel(label, { exact: true }).focus()
      await page.keyboard.press(key)
      await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    },
  }
}

function tabling(): Interaction {
  return {
    name: 'show as a table',
    run: (page) =>
      page
        .getByRole('button', { name: /^(Table|Chart)$/ })
        .first()
        .click(),
  }
}
