import { useMutation } from '@tanstack/react-query'
import { Languages } from 'lucide-react'
import { changeLanguage } from '../../locales/i18n.ts'
import { languages, locales, type Language } from '@stagewatch/shared/domain/locales.ts'
import { storeLanguage } from '../../locales/i18n.ts'
import { useText } from '../../locales/use-text.ts'
import navItem from './nav-item.module.css'

/** Shows the page in a language, and every other one of this browser from then on. @throws as `changeLanguage`. */
export async function chooseLanguage(language: Language): Promise<void> {
  await changeLanguage(language)
  storeLanguage(language)
}

/** A button for each other language, named in that language. */
export function LanguageToggle() {
  const { language } = useText()
  const change = useMutation({ mutationFn: chooseLanguage })
  return languages
    .filter((other) => other !== language)
    .map((other) => (
      <button
        key={other}
        type="button"
        className={navItem['item']}
        lang={locales[other].tag}
        onClick={() => change.mutate(other)}
      >
        <Languages size={22} aria-hidden />
        <span>{locales[other].name}</span>
      </button>
    ))
}
