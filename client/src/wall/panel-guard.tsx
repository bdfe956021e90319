import { Component, type ReactNode } from 'react'

interface PanelGuardProps {
  /** Another value tries the panel again. */
  readonly version: number
  /** Classes that give the panel its place. */
  readonly place: string
  /** Shown in its place. */
  readonly words: string
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
    const { children, place, words } = this.props
    if (this.state.failedAt === undefined) return children
    return (
      <section className={place}>
        <p className="panel__failed">{words}</p>
      </section>
    )
  }
}
