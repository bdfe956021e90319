import type { Board } from '@stagewatch/shared/contract/board.ts'
import { Component, type ReactNode } from 'react'
import { PanelFailed } from './panel-failed.tsx'

interface PanelGuardProps {
  readonly board: Board
  /** Its place in the grid of the scene. */
  readonly area: string
  readonly renderPanel: (board: Board) => ReactNode
}

interface PanelGuardState {
  /** Version of the board that could not be drawn; NaN until it is known. */
  readonly failedAt: number | undefined
}

/**
 * One panel that cannot be drawn leaves the others standing. It keeps its last picture, says from when that is, and is
 * tried again with the next numbers.
 */
export class PanelGuard extends Component<PanelGuardProps, PanelGuardState> {
  override state: PanelGuardState = { failedAt: undefined }
  #last: Board | undefined

  static getDerivedStateFromError(): PanelGuardState {
    return { failedAt: Number.NaN }
  }

  static getDerivedStateFromProps({ board }: PanelGuardProps, { failedAt }: PanelGuardState): PanelGuardState | null {
    if (failedAt === undefined || failedAt === board.version) return null
    return { failedAt: Number.isNaN(failedAt) ? board.version : undefined }
  }

  override componentDidMount(): void {
    this.componentDidUpdate()
  }

  override componentDidUpdate(): void {
    if (this.state.failedAt === undefined) this.#last = this.props.board
  }

  override render(): ReactNode {
    const { area, board, renderPanel } = this.props
    if (this.state.failedAt === undefined) return renderPanel(board)
    const last = this.#last
    return (
      <>
        {last && <DrawnOrNothing key={this.state.failedAt}>{renderPanel(last)}</DrawnOrNothing>}
        <PanelFailed area={area} last={last} />
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
