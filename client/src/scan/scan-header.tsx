import { languages, locales } from '@stagewatch/shared/domain/locales.ts'
import Volume2 from 'lucide-react/icons/volume-2'
import VolumeX from 'lucide-react/icons/volume-x'
import { useState, useSyncExternalStore } from 'react'
import { changeLanguage, storeLanguage } from '../locales/i18n.ts'
import { useText } from '../locales/use-text.ts'
import { isSoundOn, setSound } from './feedback.ts'
import { waitingUpdate } from './register-worker.ts'
import { useScan } from './scan-context.ts'
import { goTo, scanAddress, signInAddress } from './use-scan-search.ts'

/** The person, the connection to the server, and the number of unsent reports. */
export function ScanHeader({ site }: { readonly site: string | undefined }) {
  const { t } = useText()
  const { state } = useScan()
  const { reports, person, server, isSignedOut } = state
  const refused = reports.filter(({ refusal }) => refusal !== undefined).length
  const waiting = reports.length - refused
  return (
    <header className="top">
      <div className="top__row">
        <a className="top__title" href={scanAddress({ site })}>
          {t('scan.title')}
        </a>
        <span className={`server server--${server}`} role="status">
          {t(`scan.server.${server}`)}
        </span>
        <SoundSwitch />
        <LanguageSwitch />
      </div>
      {person !== undefined && <p className="top__person">{t('scan.signedInAs', { name: person.name })}</p>}
      {reports.length > 0 && (
        <a
          className={refused > 0 ? 'banner banner--bad' : 'banner'}
          href={scanAddress({ site, view: 'queue' })}
          onClick={(event) => {
            event.preventDefault()
            goTo({ site, view: 'queue' })
          }}
        >
          <span>
            {waiting > 0 && <span>{t('scan.queue.count', { count: waiting })}</span>}
            {refused > 0 && <span>{t('scan.queue.refused', { count: refused })}</span>}
          </span>
          <b>{t('scan.queue.show')}</b>
        </a>
      )}
      {person !== undefined && isSignedOut && (
        <a className="banner banner--bad" href={signInAddress()}>
          <span>{t('scan.signedOut')}</span>
          <b>{t('scan.signIn')}</b>
        </a>
      )}
      <UpdateBanner />
    </header>
  )
}

function UpdateBanner() {
  const { t } = useText()
  const update = useSyncExternalStore(waitingUpdate.subscribe, waitingUpdate.get)
  if (update === undefined) return null
  return (
    <button type="button" className="banner" onClick={update}>
      <span>{t('scan.update')}</span>
      <b>{t('scan.updateNow')}</b>
    </button>
  )
}

function SoundSwitch() {
  const { t } = useText()
  const [isOn, setOn] = useState(isSoundOn)
  const Icon = isOn ? Volume2 : VolumeX
  return (
    <button
      type="button"
      className="top__button"
      aria-label={t('scan.sound')}
      aria-pressed={isOn}
      onClick={() => {
        setSound(!isOn)
        setOn(!isOn)
      }}
    >
      <Icon size={22} aria-hidden />
    </button>
  )
}

/** Links to the other language by its own name. */
function LanguageSwitch() {
  const { language } = useText()
  const others = languages.filter((code) => code !== language)
  return others.map((code) => (
    <button
      key={code}
      type="button"
      className="top__button"
      lang={locales[code].tag}
      onClick={() => void changeLanguage(code).then(() => storeLanguage(code))}
    >
      {locales[code].name}
    </button>
  ))
}
