import { changeLanguage } from '../locales/i18n.ts'
import { languages, locales, type Language } from '@stagewatch/shared/domain/locales.ts'
import { storeLanguage } from '../locales/i18n.ts'
import { useText } from '../locales/use-text.ts'

export function LanguageSwitch() {
  const { t, language } = useText()
  const choose = async (next: Language): Promise<void> => {
    await changeLanguage(next)
    const address = new URL(location.href)
    address.searchParams.set('lang', next)
    history.replaceState(null, '', address)
    storeLanguage(next)
  }
  return (
    <fieldset className="switch" aria-label={t('start.language')}>
      {languages.map((code) => (
        <button
          key={code}
          type="button"
          className="switch__choice"
          lang={locales[code].tag}
          aria-pressed={code === language}
          onClick={() => void choose(code)}
        >
          {locales[code].name}
        </button>
      ))}
    </fieldset>
  )
}
