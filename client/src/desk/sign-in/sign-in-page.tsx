import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { SignInOptions } from '@stagewatch/shared/contract/me.ts'
import { useText } from '../../text/use-text.ts'
import { meQuery } from '../api/me.ts'
import { signInOptionsQuery } from '../api/sign-in-options.ts'
import { Loaded } from '../parts/loaded.tsx'
import { SignInForm } from '../parts/sign-in-form.tsx'
import { Gate } from '../shell/gate.tsx'
import { safeNext } from '../shell/safe-next.ts'
import { SampleEntrance } from './sample-entrance.tsx'
import { SignedInAlready } from './signed-in-already.tsx'
import { SingleSignOn } from './single-sign-on.tsx'

interface SignInPageProps {
  /** Where to go on. */
  readonly next?: string
  /** Why single sign-on came back without anybody. */
  readonly error?: string
}

export function SignInPage({ next, error }: SignInPageProps) {
  const { t } = useText()
  const options = useQuery(signInOptionsQuery)
  const me = useQuery(meQuery(undefined)).data
  const goOn = safeNext(next)
  return (
    <Gate title={t('desk.signIn.title')} text={t('desk.signIn.text')}>
      {error !== undefined && (
        <p className="note note--warning" role="alert">
          {t(error === 'invitation_needed' ? 'desk.signIn.notInvited' : 'desk.signIn.elsewhereFailed')}
        </p>
      )}
      {me?.kind === 'person' && <SignedInAlready name={me.name} next={goOn} />}
      <Loaded query={options}>{(data) => <Ways options={data} next={goOn} />}</Loaded>
    </Gate>
  )
}

function Ways({ options, next }: { readonly options: SignInOptions; readonly next: string }) {
  const { t } = useText()
  const { needsSetup, singleSignOn, mail, sampleRoles } = options
  const enter = () => location.assign(next)
  return (
    <>
      {sampleRoles.length > 0 && <SampleEntrance roles={sampleRoles} onDone={enter} />}
      {needsSetup && <p className="note">{t('desk.signIn.needsSetup')}</p>}
      {singleSignOn !== undefined && <SingleSignOn name={singleSignOn} next={next} />}
      {!needsSetup && (
        <SignInForm onDone={enter}>
          {mail ? (
            <Link className="form__aside" to="/forgot">
              {t('desk.signIn.forgot')}
            </Link>
          ) : (
            <p className="meta">{t('desk.signIn.forgotNoMail')}</p>
          )}
        </SignInForm>
      )}
    </>
  )
}
