import { showLanguage } from '../text/i18n.ts'
import { languages, type Language } from '../text/language.ts'
import { rememberLanguage } from '../text/remembered-language.ts'
import { useText } from '../text/use-text.ts'

const ownNames: Record<Language, string> = { zh: '中文', en: 'English' }

export function LanguageSwitch() {
  const { t, i18n, language } = useText()
  const choose = (next: Language) => {
    const address = new URL(location.href)
    address.searchParams.set('lang', next)
    history.replaceState(null, '', address)
    rememberLanguage(next)
    showLanguage(next)
    void i18n.changeLanguage(next)
  }
  return (
    <fieldset className="switch" aria-label={t('start.language')}>
      {languages.map((code) => (
        <button
          key={code}
          type="button"
          className="switch__choice"
          lang={code}
          aria-pressed={code === language}
          onClick={() => choose(code)}
        >
          {ownNames[code]}
        </button>
      ))}
    </fieldset>
  )
}
