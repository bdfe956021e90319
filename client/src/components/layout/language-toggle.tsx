import { useMutation } from '@tanstack/react-query'
import { Languages } from 'lucide-react'
import { saveLanguage } from '../../api/session.ts'
import { changeLanguage } from '../../locales/i18n.ts'
import { languages, locales, type Language } from '@stagewatch/shared/domain/locales.ts'
import { storeLanguage } from '../../locales/i18n.ts'
import { useText } from '../../locales/use-text.ts'
import navItem from './nav-item.module.css'

/** Changes the language of this page and of later pages in this browser. @throws as `changeLanguage`. */
async function chooseLanguage(language: Language): Promise<void> {
  await changeLanguage(language)
  storeLanguage(language)
}

/** Like `chooseLanguage`, but for the signed-in user on all of their devices. */
export async function chooseOwnLanguage(language: Language): Promise<void> {
  await chooseLanguage(language)
  // The language changes in this browser even if saving it failed.
  await saveLanguage(language).catch(() => undefined)
}

/** One button per other language, labelled in that language. */
export function LanguageToggle({ isSignedIn = false }: { readonly isSignedIn?: boolean }) {
  const { language } = useText()
  const change = useMutation({ mutationFn: isSignedIn ? chooseOwnLanguage : chooseLanguage })
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
