import { Component, type ReactNode } from 'react'
import { PanelFailed, type ShownMoment } from './panel-failed.tsx'

interface PanelErrorBoundaryProps<Slice> {
  /** What the panel shows; another object whenever some of it has changed. */
  readonly board: Slice
  /** Its place in the grid of the scene. */
  readonly area: string
  readonly renderPanel: (board: Slice) => ReactNode
  /** The moment that the wall shows now. */
  readonly readMoment: () => ShownMoment
  /** The panel could not be drawn, or can be again. */
  readonly onFailedChange: (failed: boolean) => void
}

type PanelErrorBoundaryState =
  | { readonly status: 'drawn' }
  /** It has just thrown. */
  | { readonly status: 'thrown' }
  | { readonly status: 'failed'; readonly board: unknown }

/**
 * One panel that cannot be drawn leaves the others standing. It keeps its last picture, says from when that is, and is
 * tried again with the next numbers.
 */
export class PanelErrorBoundary<Slice> extends Component<PanelErrorBoundaryProps<Slice>, PanelErrorBoundaryState> {
  override state: PanelErrorBoundaryState = { status: 'drawn' }
  #last: Slice | undefined
  /** Until when the last picture was true; the first failure counts, however often it is tried again. */
  #stoppedAt: ShownMoment | undefined

  static getDerivedStateFromError(): PanelErrorBoundaryState {
    return { status: 'thrown' }
  }

  static getDerivedStateFromProps(
    { board }: PanelErrorBoundaryProps<unknown>,
    state: PanelErrorBoundaryState,
  ): PanelErrorBoundaryState | null {
    if (state.status === 'drawn' || (state.status === 'failed' && state.board === board)) return null
    return state.status === 'thrown' ? { status: 'failed', board } : { status: 'drawn' }
  }

  override componentDidMount(): void {
    this.componentDidUpdate()
  }

  override componentDidUpdate(): void {
    if (this.state.status !== 'drawn') return
    this.#last = this.props.board
    if (this.#stoppedAt !== undefined) this.props.onFailedChange(false)
    this.#stoppedAt = undefined
  }

  override componentDidCatch(): void {
    this.props.onFailedChange(true)
  }

  override render(): ReactNode {
    const { area, board, renderPanel, readMoment } = this.props
    if (this.state.status === 'drawn') return renderPanel(board)
    const last = this.#last
    this.#stoppedAt ??= readMoment()
    return (
      <>
        {last !== undefined && <DrawnOrNothing>{renderPanel(last)}</DrawnOrNothing>}
        <PanelFailed area={area} stoppedAt={last === undefined ? undefined : this.#stoppedAt} />
      </>
    )
  }
}

/** A panel that is broken for good must not take the wall with it. */
class DrawnOrNothing extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }

  override render(): ReactNode {
    return this.state.failed ? null : this.props.children
  }
}
