import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { useText } from '../../locales/use-text.ts'
import card from '../card.module.css'
import { Logo, productName } from '../logo.tsx'
import note from '../note.module.css'
import styles from './auth-layout.module.css'
import { LanguageToggle } from './language-toggle.tsx'

interface AuthLayoutProps {
  readonly title: string
  readonly text?: string
  readonly children: ReactNode
}

/** A centred card, for pages without a session. */
export function AuthLayout({ title, text, children }: AuthLayoutProps) {
  const { t } = useText()
  return (
    <div className={styles['page']}>
      <title>{`${title} · ${productName}`}</title>
      <header className={styles['top']}>
        <a className={styles['home']} href="/">
          <Logo />
          {productName}
        </a>
        <LanguageToggle />
      </header>
      <main className={clsx(card['card'], styles['card'])}>
        <h1 className={styles['title']}>{title}</h1>
        {text !== undefined && <p className={styles['text']}>{text}</p>}
        {!navigator.cookieEnabled && (
          <p className={clsx(note['note'], note['warning'])} role="alert">
            {t('desk.cookiesBlocked', { host: location.host })}
          </p>
        )}
        {children}
      </main>
    </div>
  )
}
