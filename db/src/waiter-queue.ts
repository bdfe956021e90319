/** Callers waiting for their turn, first come first served. */
export class WaiterQueue {
  readonly #waiting = new Set<(woken: boolean) => void>()

  /** Whether the caller was woken within `waitMs`. */
  wait(waitMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (woken: boolean): void => {
        clearTimeout(timer)
        this.#waiting.delete(settle)
        resolve(woken)
      }
      const timer = setTimeout(settle, Math.max(0, waitMs), false)
      this.#waiting.add(settle)
    })
  }

  wakeOne(): void {
    const [first] = this.#waiting
    first?.(true)
  }

  wakeAll(): void {
    for (const settle of this.#waiting) settle(true)
  }
}
