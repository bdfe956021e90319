import { Component, type ReactNode } from 'react'

interface PanelGuardProps {
  /** Another value tries the panel again. */
  readonly version: number
  readonly fallback: ReactNode
  readonly children: ReactNode
}

interface PanelGuardState {
  readonly failedAt: number | undefined
}

/** One panel that cannot be drawn leaves the others standing, and is tried again with the next numbers. */
export class PanelGuard extends Component<PanelGuardProps, PanelGuardState> {
  override state: PanelGuardState = { failedAt: undefined }

  static getDerivedStateFromError(): PanelGuardState {
    return { failedAt: Number.NaN }
  }

  static getDerivedStateFromProps(props: PanelGuardProps, state: PanelGuardState): PanelGuardState | null {
    const { failedAt } = state
    if (failedAt === undefined || failedAt === props.version) return null
    return { failedAt: Number.isNaN(failedAt) ? props.version : undefined }
  }

  override render(): ReactNode {
    return this.state.failedAt === undefined ? this.props.children : this.props.fallback
  }
}
