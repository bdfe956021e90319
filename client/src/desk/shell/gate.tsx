import type { ReactNode } from 'react'
import { LanguageToggle } from './language-toggle.tsx'
import { Mark } from './mark.tsx'

interface GateProps {
  readonly title: string
  readonly text?: string
  readonly children: ReactNode
}

/** One card in the middle, for pages on which nobody is signed in yet. */
export function Gate({ title, text, children }: GateProps) {
  return (
    <div className="gate">
      <title>{`${title} · Stagewatch`}</title>
      <header className="gate__top">
        <a className="gate__home" href="/">
          <Mark />
          Stagewatch
        </a>
        <LanguageToggle />
      </header>
      <main className="card gate__card">
        <h1 className="gate__title">{title}</h1>
        {text !== undefined && <p className="gate__text">{text}</p>}
        {children}
      </main>
    </div>
  )
}
