import type { DeskPage } from '@stagewatch/test/desk/desk-page.ts'

export type Page = DeskPage['page']

/** A single user action on a page. */
export interface Interaction {
  readonly name: string
  readonly run: (page: Page) => Promise<unknown>
}

export function pressing(name: string, key: string): Interaction {
  return { name, run: (page) => page.keyboard.press(key) }
}

export function clicking(name: string, role: 'button' | 'link' | 'menuitem', text: string): Interaction {
  return { name, run: (page) => page.getByRole(role, { name: text, exact: true }).click() }
}

/** Uses the keyboard, because a selection by script is not an interaction. */
export function selecting(name: string, label: string, key: string): Interaction {
  return {
    name,
    run: async (page) => {
      await page.getByLabel(label, { exact: true }).focus()
      await page.keyboard.press(key)
      await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    },
  }
}

export function tabling(): Interaction {
  return {
    name: 'show as a table',
    run: (page) =>
      page
        .getByRole('button', { name: /^(Table|Chart)$/ })
        .first()
        .click(),
  }
}
