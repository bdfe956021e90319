import type { Page } from 'playwright-core'

export interface PageProblem {
  readonly kind: 'clipped' | 'overlap' | 'small'
  readonly text: string
  readonly detail: string
}

/**
 * Visible defects of a page: text that is cut off, overlapping text, and, on a wall, text that is too small for the
 * hall (below `leastPx` at 1920 × 1080, in either orientation of the panel). Elements marked `data-may-truncate` may be
 * cut off, elements marked `data-floats` may cover content that scrolls below them, and content in `data-scrolls` can
 * be scrolled into view.
 */
export async function pageProblems(page: Page, leastPx: number): Promise<PageProblem[]> {
  await movesEnded(page)
  return page.evaluate((least) => {
    const problems: PageProblem[] = []
    const [short, long] = [Math.min(innerWidth, innerHeight), Math.max(innerWidth, innerHeight)]
    const unit = Math.min(long / 1920, short / 1080)
    const leaves: { element: Element; text: string; box: DOMRect; top: number; bottom: number }[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = node.textContent?.trim() ?? ''
      const element = node.parentElement
      if (text === '' || element === null || !element.checkVisibility({ checkOpacity: true })) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      const box = range.getBoundingClientRect()
      if (box.width < 2 || box.height < 2) continue
      // A text that wraps leaves room for other text before and after it.
      // Text that is scrolled out of its area is not visible and overlaps nothing.
      const area = element.closest('[data-scrolls]')?.getBoundingClientRect() ?? { top: -Infinity, bottom: Infinity }
      for (const line of range.getClientRects()) {
        const [top, bottom] = [Math.max(inkTop(line), area.top), Math.min(inkBottom(line), area.bottom)]
        if (bottom > top) leaves.push({ element, text, box: line, top, bottom })
      }
      const size = Number.parseFloat(getComputedStyle(element).fontSize)
      if (size < least * unit - 0.01) problems.push({ kind: 'small', text, detail: `${size}px < ${least * unit}px` })
      const cut = clippedBy(element, box)
      if (cut !== undefined) problems.push({ kind: 'clipped', text, detail: cut })
    }
    // From top to bottom, so that each is compared only with those that extend down to it.
    leaves.sort((one, other) => one.top - other.top)
    let reaching: typeof leaves = []
    for (const one of leaves) {
      reaching = reaching.filter(({ bottom }) => bottom - one.top > 1)
      for (const other of reaching) {
        const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left)
        const high = Math.min(one.bottom, other.bottom) - one.top
        if (wide <= 1 || high <= 1) continue
        if (one.element.closest('[data-may-truncate]') ?? other.element.closest('[data-may-truncate]')) continue
        if (one.element.closest('[data-floats]') !== other.element.closest('[data-floats]')) continue
        problems.push({ kind: 'overlap', text: `${other.text} / ${one.text}`, detail: `${wide} × ${high}` })
      }
      reaching.push(one)
    }
    return problems

    /** Line boxes are taller than their glyphs. */
    function inkTop(box: DOMRect): number {
      return box.top + box.height * 0.2
    }

    function inkBottom(box: DOMRect): number {
      return box.bottom - box.height * 0.2
    }

    function clippedBy(element: Element, box: DOMRect): string | undefined {
      if (element.closest('[data-may-truncate]') !== null) return undefined
      const isScrolled = element.closest('[data-scrolls]') !== null
      if (!isScrolled && (box.left < -1 || box.right > innerWidth + 1)) {
        return `the edge of the page: ${box.left} to ${box.right}`
      }
      for (let parent: Element | null = element; parent !== null; parent = parent.parentElement) {
        if (parent.hasAttribute('data-scrolls')) return undefined
        if (getComputedStyle(parent).overflowX === 'visible') continue
        const frame = parent.getBoundingClientRect()
        if (box.left < frame.left - 1 || box.right > frame.right + 1) return parent.className
        if (inkTop(box) < frame.top - 1 || inkBottom(box) > frame.bottom + 1) return parent.className
      }
      return undefined
    }
  }, leastPx)
}

/** Waits for animations, so that elements are checked in their final place. */
function movesEnded(page: Page): Promise<void> {
  return page.evaluate(async () => {
    // A transition begins in the frame after the one that adds its element.
    for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve))
    // Chromium 79 cannot list animations, and nothing on a wall is animated.
    const moves = document.getAnimations?.() ?? []
    const finite = moves.filter(({ effect }) => Number.isFinite(Number(effect?.getComputedTiming().endTime)))
    await Promise.allSettled(finite.map(({ finished }) => finished))
  })
}
