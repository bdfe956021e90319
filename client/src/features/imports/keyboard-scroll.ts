/** What scrolls and holds nothing that takes the focus is reached by the keyboard itself (axe: scrollable-region-focusable). */
export const keyboardScroll = { tabIndex: 0 } as const
