import { useText } from '../../text/use-text.ts'
import { LanguageToggle } from '../shell/language-toggle.tsx'
import { useMe } from '../shell/me-context.ts'
import { Page } from '../shell/page.tsx'
import { SignOutButton } from '../shell/sign-out-button.tsx'
import { NameForm } from './name-form.tsx'
import { PasswordForm } from './password-form.tsx'
import { Sessions } from './sessions.tsx'
import { TwoFactor } from './two-factor.tsx'

export function AccountPage() {
  const { t } = useText()
  const { name, email, role, departments, twoFactor } = useMe()
  return (
    <Page title={t('desk.account.title')}>
      <div className="columns columns--two">
        <div className="stack">
          <section className="card">
            <h2 className="card__title">{name}</h2>
            <dl className="pairs">
              <dt>{t('desk.email')}</dt>
              <dd className="break">{email}</dd>
              <dt>{t('desk.role.label')}</dt>
              <dd>{role === undefined ? '—' : t(`desk.role.${role}`)}</dd>
              <dt>{t('desk.departments.label')}</dt>
              <dd>{departments?.join(t('desk.listComma')) ?? t('desk.departments.all')}</dd>
            </dl>
            <NameForm name={name} />
          </section>
          <section className="card">
            <h2 className="card__title">{t('desk.account.password')}</h2>
            <PasswordForm />
          </section>
        </div>
        <div className="stack">
          <section className="card">
            <h2 className="card__title">{t('desk.twoFactor.title')}</h2>
            <TwoFactor isOn={twoFactor === true} />
          </section>
          <section className="card">
            <h2 className="card__title">{t('desk.account.sessions')}</h2>
            <Sessions />
          </section>
          <section className="card row phone-only" aria-label={t('desk.account.leave')}>
            <LanguageToggle />
            <SignOutButton />
          </section>
        </div>
      </div>
    </Page>
  )
}
