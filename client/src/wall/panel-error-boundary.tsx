import { Component, type ReactNode } from 'react'
import { PanelFailed, type ShownMoment } from './panel-failed.tsx'

interface PanelErrorBoundaryProps<Slice> {
  /** Input of the panel; a new object whenever any part of it changes. */
  readonly board: Slice
  /** Grid area in the scene. */
  readonly area: string
  readonly renderPanel: (board: Slice) => ReactNode
  /** Returns the moment that the wall currently shows. */
  readonly readMoment: () => ShownMoment
  /** Called when rendering fails, and when it works again. */
  readonly onFailedChange: (failed: boolean) => void
}

type PanelErrorBoundaryState =
  | { readonly status: 'drawn' }
  /** Rendering has just thrown. */
  | { readonly status: 'thrown' }
  | { readonly status: 'failed'; readonly board: unknown }

/**
 * Isolates the failure of one panel from the others. The panel keeps its last picture, shows its time, and renders
 * again with the next numbers.
 */
export class PanelErrorBoundary<Slice> extends Component<PanelErrorBoundaryProps<Slice>, PanelErrorBoundaryState> {
  override state: PanelErrorBoundaryState = { status: 'drawn' }
  #last: Slice | undefined
  /** When the last picture was current. The first failure counts, however often rendering is retried. */
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

/** Contains a panel that fails permanently, so that it does not take the wall down. */
class DrawnOrNothing extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }

  override render(): ReactNode {
    return this.state.failed ? null : this.props.children
  }
}
