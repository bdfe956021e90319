import type { Locator } from 'playwright-core'
import { expect } from 'vitest'
import type { DeskPage } from './desk-page.ts'

/** Presses Tab until the element has the focus; every element on the way has to show that it has it. */
export async function tabTo(desk: DeskPage, element: Locator): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    if (await element.evaluate((one) => one === document.activeElement)) return expectFocus(desk, element)
    await desk.page.keyboard.press('Tab')
    expect(await focusProblem(desk)).toBeUndefined()
  }
  throw new Error(`80 presses of Tab do not lead to ${String(element)}`)
}

/** The element has the focus, and shows it. */
export async function expectFocus(desk: DeskPage, element: Locator): Promise<void> {
  await expect.poll(() => element.evaluate((one) => one === document.activeElement)).toBe(true)
  expect(await focusProblem(desk)).toBeUndefined()
}

/** What is wrong with the focus: nothing has it, it is outside of the window or below the top bar, or has no ring. */
function focusProblem({ page }: DeskPage): Promise<string | undefined> {
  return page.evaluate(() => {
    const focused = document.activeElement
    if (focused === null || focused === document.body) return 'nothing has the focus'
    const name = `${focused.tagName} ${focused.getAttribute('aria-label') ?? focused.textContent}`.slice(0, 80)
    const box = focused.getBoundingClientRect()
    if (box.top < 0 || box.bottom > innerHeight || box.left < 0 || box.right > innerWidth) return `outside: ${name}`
    const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)
    if (at !== null && !focused.contains(at) && !at.contains(focused)) return `covered: ${name}`
    // Some controls show the ring around their label or frame.
    const ringed = [focused, focused.parentElement, focused.nextElementSibling].some((one) => {
      if (one === null) return false
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(one)
      return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1 && !outlineColor.endsWith(', 0)')
    })
    return ringed ? undefined : `no ring: ${name}`
  })
}
