import { useRef, useState, type PointerEvent as ReactPointerEvent } from 'react'

/** Pointer movement that still counts as a click. */
const slackPx = 6

interface Drag {
  readonly code: string
  /** Index before which it would be dropped, 0 to the number of items. */
  readonly before: number
}

interface ReorderOptions {
  readonly codes: readonly string[]
  readonly axis: 'x' | 'y'
  /** @param to new index among all items. */
  readonly onMove: (code: string, to: number) => void
}

/** Reorders a list by dragging; each item has its code in `data-item`. */
export function useReorder<List extends HTMLElement>({ codes, axis, onMove }: ReorderOptions) {
  const list = useRef<List>(null)
  const [drag, setDrag] = useState<Drag>()

  const placeAt = (event: PointerEvent): number => {
    const items = [...(list.current?.querySelectorAll('[data-item]') ?? [])]
    return items.filter((item) => {
      const { left, top, width, height } = item.getBoundingClientRect()
      return axis === 'x' ? event.clientX > left + width / 2 : event.clientY > top + height / 2
    }).length
  }

  const start = (code: string) => (pressed: ReactPointerEvent) => {
    if (pressed.button !== 0) return
    const { clientX, clientY, pointerId } = pressed
    const controller = new AbortController()
    const { signal } = controller
    let current: Drag | undefined
    const end = (): void => {
      controller.abort()
      setDrag(undefined)
    }
    const move = (event: PointerEvent): void => {
      if (event.pointerId !== pointerId) return
      const isFar = Math.hypot(event.clientX - clientX, event.clientY - clientY) > slackPx
      if (current === undefined && !isFar) return
      event.preventDefault()
      current = { code, before: placeAt(event) }
      setDrag(current)
    }
    const drop = (event: PointerEvent): void => {
      if (event.pointerId !== pointerId) return
      const dropped = current
      end()
      if (dropped === undefined) return
      // Suppresses the click event at the end of a drag.
      const swallow = (click: MouseEvent): void => {
        click.stopPropagation()
        click.preventDefault()
      }
      addEventListener('click', swallow, { capture: true, once: true })
      setTimeout(() => removeEventListener('click', swallow, { capture: true }), 0)
      const from = codes.indexOf(code)
      onMove(code, dropped.before > from ? dropped.before - 1 : dropped.before)
    }
    const cancel = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') end()
    }
    addEventListener('pointermove', move, { signal })
    addEventListener('pointerup', drop, { signal })
    addEventListener('pointercancel', end, { signal })
    addEventListener('keydown', cancel, { signal })
  }

  return { list, drag, start }
}
