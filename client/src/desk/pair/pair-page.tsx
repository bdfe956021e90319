import { userCode } from '@stagewatch/shared/contract/pairing.ts'
import { useNavigate } from '@tanstack/react-router'
import { useText } from '../../text/use-text.ts'
import { Page } from '../shell/page.tsx'
import { CodeForm } from './code-form.tsx'
import { Pairing } from './pairing.tsx'

/** Approves a screen that shows a code: typed here, or brought by the QR code on it. */
export function PairPage({ askedCode }: { readonly askedCode: string | undefined }) {
  const { t } = useText()
  const navigate = useNavigate()
  const code = userCode.safeParse(askedCode).data
  return (
    <Page title={t('desk.pair.title')} needs="screens.manage">
      <div className="pair">
        {code === undefined ? (
          <CodeForm
            wrong={askedCode}
            onCode={(next) => void navigate({ to: '/pair', search: (before) => ({ ...before, code: next }) })}
          />
        ) : (
          <Pairing key={code} code={code} onOther={() => void navigate({ to: '/pair', search: withoutCode })} />
        )}
      </div>
    </Page>
  )
}

function withoutCode({ site }: { readonly site?: string }) {
  return site === undefined ? {} : { site }
}
