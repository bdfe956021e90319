import type { SignInOptions } from '@stagewatch/shared/contract/me.ts'
import type { Role } from '@stagewatch/shared/domain/access/action.ts'
import { useQuery, useMutation } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { meQuery, signInOptionsQuery } from '../../api/session.ts'
import { stagewatchCommand } from '../../components/first-event-commands.ts'
import card from '../../components/card.module.css'
import { ErrorAlert } from '../../components/error-alert.tsx'
import formStyles from '../../components/form/form.module.css'
import { AuthLayout } from '../../components/layout/auth-layout.tsx'
import layout from '../../components/layout/layout.module.css'
import note from '../../components/note.module.css'
import { OnlineButton } from '../../components/online-button.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { useText } from '../../locales/use-text.ts'
import { signInElsewhere, enterSample } from './api.ts'
import { safeNext } from './link-address.ts'
import { SignInForm } from './sign-in-form.tsx'
import styles from './sign-in.module.css'

export function SignInPage() {
  const { next, error } = useSearch({ from: '/sign-in' })
  const { t } = useText()
  const options = useQuery(signInOptionsQuery)
  const me = useQuery(meQuery(undefined)).data
  const goOn = safeNext(next)
  return (
    <AuthLayout title={t('signIn.title')} text={t('signIn.text')}>
      {error !== undefined && (
        <p className={clsx(note['note'], note['warning'])} role="alert">
          {t(elsewhereText(error))}
        </p>
      )}
      {me?.kind === 'person' && <SignedInAlready name={me.name} next={goOn} />}
      <QueryBoundary query={options} isInCard>
        {(data) => <Ways options={data} next={goOn} />}
      </QueryBoundary>
    </AuthLayout>
  )
}

/** Texts for failures of single sign-on, by the error code that the server puts into the URL. */
const elsewhereTexts = {
  invitation_needed: 'signIn.notInvited',
  link_needed: 'signIn.linkNeeded',
  account_disabled: 'signIn.disabled',
  email_not_verified: 'signIn.notVerified',
} as const

function elsewhereText(error: string) {
  return error in elsewhereTexts
    ? elsewhereTexts[error as keyof typeof elsewhereTexts]
    : ('signIn.elsewhereFailed' as const)
}

function Ways({ options, next }: { readonly options: SignInOptions; readonly next: string }) {
  const { t } = useText()
  const { needsSetup, singleSignOn, mail, sampleRoles } = options
  const enter = () => location.assign(next)
  return (
    <>
      {sampleRoles.length > 0 && <SampleEntrance roles={sampleRoles} onDone={enter} />}
      {needsSetup && <p className={note['note']}>{t('signIn.needsSetup')}</p>}
      {singleSignOn !== undefined && <SingleSignOn name={singleSignOn} next={next} />}
      {!needsSetup && (
        <SignInForm onDone={enter}>
          {mail ? (
            <Link className={formStyles['aside']} to="/forgot">
              {t('signIn.forgot')}
            </Link>
          ) : (
            <p className={layout['meta']}>{t('signIn.forgotNoMail', { command: stagewatchCommand })}</p>
          )}
        </SignInForm>
      )}
    </>
  )
}

interface SignedInAlreadyProps {
  readonly name: string
  readonly next: string
}

export function SignedInAlready({ name, next }: SignedInAlreadyProps) {
  const { t } = useText()
  return (
    <p className={note['note']}>
      {t('signIn.already', { name })} <a href={next}>{t('signIn.continue')}</a>
    </p>
  )
}

interface SingleSignOnProps {
  /** Name of the provider. */
  readonly name: string
  readonly next: string
}

export function SingleSignOn({ name, next }: SingleSignOnProps) {
  const { t } = useText()
  const leave = useMutation({
    mutationFn: () => signInElsewhere(next),
    onSuccess: (address) => location.assign(address),
  })
  return (
    <div className={clsx(formStyles['form'], styles['part'])}>
      <OnlineButton fullWidth loading={leave.isPending} onClick={() => leave.mutate()}>
        {t('signIn.with', { name })}
      </OnlineButton>
      <ErrorAlert error={leave.error} />
      <p className={styles['or']}>{t('signIn.or')}</p>
    </div>
  )
}

interface SampleEntranceProps {
  readonly roles: readonly Role[]
  readonly onDone: () => void
}

/** Sign-in to the sample site, which has no secrets: visitors choose a role. */
export function SampleEntrance({ roles, onDone }: SampleEntranceProps) {
  const { t } = useText()
  const enter = useMutation({ mutationFn: enterSample, onSuccess: onDone })
  return (
    <section className={styles['part']}>
      <h2 className={card['title']}>
        {t('sampleEntry.title')} <span className={clsx(note['badge'], note['sample'])}>{t('sample')}</span>
      </h2>
      <p className={layout['meta']}>{t('sampleEntry.text')}</p>
      <ul className={styles['entrances']}>
        {roles.map((role) => (
          <li key={role} className={styles['entrance']}>
            <div>
              <strong>{t(`role.${role}`)}</strong>
              <p className={layout['meta']}>{t(`roleText.${role}`)}</p>
            </div>
            <OnlineButton
              variant="default"
              loading={enter.isPending && enter.variables === role}
              aria-label={t('sampleEntry.enterAs', { role: t(`role.${role}`) })}
              onClick={() => enter.mutate(role)}
            >
              {t('sampleEntry.enter')}
            </OnlineButton>
          </li>
        ))}
      </ul>
      <ErrorAlert error={enter.error} />
    </section>
  )
}
