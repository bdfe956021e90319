import { Link } from '@tanstack/react-router'
import { useText } from '../../text/use-text.ts'
import { DeskIcon } from './desk-icon.tsx'
import { LanguageToggle } from './language-toggle.tsx'
import { Mark } from './mark.tsx'
import { useMe } from './me-context.ts'
import { railItems } from './rail-items.ts'
import { SignOutButton } from './sign-out-button.tsx'

/** At the side of a laptop, at the foot of a phone. Only what the role may open is there. */
export function Rail() {
  const { t } = useText()
  const { name, actions } = useMe()
  return (
    <nav className="rail" data-floats aria-label={t('desk.nav.label')}>
      <a className="rail__mark" href="/" aria-label={t('desk.toStart')}>
        <Mark />
      </a>
      {railItems
        .filter(({ needs }) => actions.includes(needs))
        .map(({ path, icon, text }) => (
          <Link key={path} to={path} className="rail__item" activeProps={{ 'aria-current': 'page' }}>
            <DeskIcon name={icon} />
            <span>{t(text)}</span>
          </Link>
        ))}
      <div className="rail__foot">
        <LanguageToggle />
        <SignOutButton />
      </div>
      <Link to="/account" className="rail__item rail__item--me" activeProps={{ 'aria-current': 'page' }}>
        <span className="rail__face" aria-hidden>
          {name.slice(0, 1)}
        </span>
        <span>{t('desk.nav.account')}</span>
      </Link>
    </nav>
  )
}
