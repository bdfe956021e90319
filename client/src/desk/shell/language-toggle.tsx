import { showLanguage } from '../../text/i18n.ts'
import { rememberLanguage } from '../../text/remembered-language.ts'
import { useText } from '../../text/use-text.ts'
import { DeskIcon } from './desk-icon.tsx'

/** To the other of the two languages; its words are in the language that it leads to. */
export function LanguageToggle() {
  const { i18n, language } = useText()
  const other = language === 'zh' ? 'en' : 'zh'
  const choose = () => {
    rememberLanguage(other)
    showLanguage(other)
    void i18n.changeLanguage(other)
  }
  return (
    <button
      type="button"
      className="rail__item"
      lang={other === 'zh' ? 'zh-CN' : 'en'}
      aria-label={other === 'zh' ? '切换到中文' : 'Switch to English'}
      onClick={choose}
    >
      <DeskIcon name="language" />
      <span>{other === 'zh' ? '中文' : 'English'}</span>
    </button>
  )
}
